-- One row per item of the exit standard: registered households inside $prefix that pass, fail, or of whom it is unknown.
select
    item,
    count(*) filter (where result = 'pass') as pass,
    count(*) filter (where result = 'fail') as fail,
    count(*) filter (where result = 'unknown') as unknown,
from (
    select income_ok, food_ok, clothing_ok, education_ok, medical_ok, housing_ok, water_ok, exit_standard
    from marts.fct_household
    where period = $period and registered and starts_with(village_code, $prefix)
) unpivot (
    result for item in (income_ok, food_ok, clothing_ok, education_ok, medical_ok, housing_ok, water_ok, exit_standard)
)
group by item
