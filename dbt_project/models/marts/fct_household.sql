-- One row per period and household in force.
select
    period,
    household_id,
    village_code,
    household_type,
    member_count,
    registered,
    monitored,
    has_labour,
    net_income_per_capita,
    {%- for item in ['income', 'food', 'clothing', 'education', 'medical', 'housing', 'water'] %}
    {{ verdict(item ~ '_ok') }} as {{ item }}_ok,
    {%- endfor %}
    {{ verdict('exit_standard') }} as exit_standard,
    {{ verdict('industry_ok') }} as industry_ok,
    loan_eligible
from {{ ref('int_households') }}
