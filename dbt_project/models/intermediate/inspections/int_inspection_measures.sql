-- One row per period and inspected division: the sums of the rounds filed for the month. A ratio's two halves count only
-- where both are known.
{% set pairs = [
    ('wrong_exits', 'exited_sampled', 'wrong_exits', 'exited_sampled'),
    ('missed', 'unregistered_sampled', 'missed_persons', 'unregistered_sampled'),
    ('satisfied', 'responses', 'satisfied_responses', 'satisfaction_responses'),
    ('identified_correctly', 'households_sampled', 'identified_correctly', 'households_sampled'),
    ('fields_matched', 'fields_checked', 'fields_matched', 'fields_checked'),
] %}
select
    periods.period,
    inspections.division_code,
    {%- for part, whole, part_name, whole_name in pairs %}
    sum(inspections.{{ part }}) filter (where inspections.{{ whole }} is not null) as {{ part_name }},
    sum(inspections.{{ whole }}) filter (where inspections.{{ part }} is not null) as {{ whole_name }}{{ "," if not loop.last }}
    {%- endfor %}
from {{ ref('stg_inspections') }} as inspections
inner join {{ ref('stg_periods') }} as periods
    on inspections.file_period = periods.period
    and {{ counts_at('inspections', 'periods') }}
group by periods.period, inspections.division_code
