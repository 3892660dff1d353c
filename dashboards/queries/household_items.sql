-- One row per item of the exit standard: registered households inside $prefix that pass, fail, or of whom it is unknown.
with alike as (
    select
        income_ok, food_ok, clothing_ok, education_ok, medical_ok, housing_ok, water_ok, exit_standard,
        count(*) as households,
    from marts.fct_household
    where period = $period and registered and village_code between $prefix and $prefix || 'x'
    group by all
)

select
    item,
    coalesce(sum(households) filter (where result = 'pass'), 0)::bigint as pass,
    coalesce(sum(households) filter (where result = 'fail'), 0)::bigint as fail,
    coalesce(sum(households) filter (where result = 'unknown'), 0)::bigint as unknown,
from alike unpivot (
    result for item in (income_ok, food_ok, clothing_ok, education_ok, medical_ok, housing_ok, water_ok, exit_standard)
)
group by item
