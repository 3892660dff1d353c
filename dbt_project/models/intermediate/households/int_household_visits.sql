{{ config(meta={'months': 'own'}) }}
-- One row per period and household visited this year: visits in the month, and by its helper in the year up to the period.
select
    periods.period,
    visits.household_id,
    count(*) filter (where {{ month_of('visits.visited_on') }} = periods.period) > 0 as is_visited,
    count(*) filter (where visits.visitor_role = 'helper') as helper_visits
from {{ ref('stg_visits') }} as visits
inner join {{ ref('stg_periods') }} as periods
    on {{ counts_at('visits', 'periods') }}
    and year(visits.visited_on) = periods.period_year
group by periods.period, visits.household_id
