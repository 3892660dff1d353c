-- One row per period, benchmark division and indicator: the average a milestone may be held against. What the division
-- itself reported goes first; else the warehouse's own value, where the whole division is in the tree and covered.
with reported as (

    select
        period,
        division_code,
        indicator_code,
        reported_value as value
    from {{ ref('int_reported_values') }}

),

own as (

    select
        period,
        division_code,
        indicator_code,
        value
    from {{ ref('int_indicators') }}
    where
        coverage = 1
        and level in (select milestones.benchmark_level from {{ source('catalogue', 'scheme_milestones') }} as milestones)

)

select
    coalesce(reported.period, own.period) as period,
    coalesce(reported.division_code, own.division_code) as division_code,
    coalesce(reported.indicator_code, own.indicator_code) as indicator_code,
    coalesce(reported.value, own.value) as value
from reported
full join own
    on reported.period = own.period
    and reported.division_code = own.division_code
    and reported.indicator_code = own.indicator_code
