-- One row per item of 两不愁三保障 in $period: registered households inside $prefix by result.
with items as (
    unpivot (
        select income_ok, food_ok, clothing_ok, education_ok, medical_ok, housing_ok, water_ok, exit_standard
        from marts.fct_household
        where period = $period and starts_with(village_code, $prefix) and registered
    )
    on income_ok, food_ok, clothing_ok, education_ok, medical_ok, housing_ok, water_ok, exit_standard
    into name item value result
)

select
    item,
    count(*) filter (where result = 'pass') as passed,
    count(*) filter (where result = 'fail') as failed,
    count(*) filter (where result = 'unknown') as unknown,
from items
group by item
