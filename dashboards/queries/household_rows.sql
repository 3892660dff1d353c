-- One row per household inside $prefix that $kind asks for: monitored, or registered with $result on that item; the first $most.
-- An edition's households lie by village and number: the first found are the first in order, and no more are read.
with

judged as (
    select
        *,
        case $kind
            when 'income_ok' then income_ok
            when 'food_ok' then food_ok
            when 'clothing_ok' then clothing_ok
            when 'education_ok' then education_ok
            when 'medical_ok' then medical_ok
            when 'housing_ok' then housing_ok
            when 'water_ok' then water_ok
            when 'exit_standard' then exit_standard
        end as asked,
    from marts.fct_household
    where period = $period and village_code between $prefix and $prefix || 'x'
),

households as (
    select *
    from judged
    where case when $kind = 'monitored' then monitored else registered and asked = $result end
    limit $most
)

select
    households.household_id,
    division.name as village_name,
    households.household_type,
    households.member_count,
    households.net_income_per_capita,
    case when households.monitored then 'monitored' else 'not_monitored' end as monitored,
    households.income_ok,
    households.food_ok,
    households.clothing_ok,
    households.education_ok,
    households.medical_ok,
    households.housing_ok,
    households.water_ok,
    households.exit_standard,
    'missing' as income_state,
from households
left join marts.dim_division as division
    on division.division_code = households.village_code and division.division_code between $prefix and $prefix || 'x'
order by households.village_code, households.household_id
