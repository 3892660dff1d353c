-- One row per period and village with migrant workers a year before: the two counts held against each other.
-- A base that is not positive is left out, on both sides.
select
    periods.period,
    year_ago.division_code,
    coalesce(this_year.migrant_persons, 0) as migrant_persons_with_base,
    year_ago.migrant_persons as migrant_persons_year_ago
from {{ ref('int_person_measures') }} as year_ago
inner join {{ ref('stg_periods') }} as periods on year_ago.period = periods.year_ago_period
left join {{ ref('int_person_measures') }} as this_year
    on periods.period = this_year.period and year_ago.division_code = this_year.division_code
where year_ago.migrant_persons > 0
