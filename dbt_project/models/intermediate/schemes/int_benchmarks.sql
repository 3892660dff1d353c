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

whole_trees as (

    select distinct
        periods.period,
        ancestors.division_code
    from {{ ref('stg_submissions') }} as submissions
    inner join {{ ref('stg_periods') }} as periods on submissions.period <= periods.period
    inner join {{ ref('int_division_ancestors') }} as ancestors
        on periods.period = ancestors.period and submissions.scope_code = ancestors.ancestor_raw_code
    where submissions.is_in_warehouse and submissions.template = 'divisions'

),

own as (

    select
        indicators.period,
        indicators.division_code,
        indicators.indicator_code,
        indicators.value
    from {{ ref('int_indicators') }} as indicators
    inner join whole_trees
        on indicators.period = whole_trees.period and indicators.division_code = whole_trees.division_code
    where
        indicators.coverage = 1
        and indicators.level in (select milestones.benchmark_level from {{ source('catalogue', 'scheme_milestones') }} as milestones)

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
