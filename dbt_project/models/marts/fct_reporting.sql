-- One row per period, division with villages, and template.
with counted as (

    -- nothing is counted where nothing lies below: a village's own row is all there is
    select
        reporting.period,
        reporting.division_code,
        reporting.template,
        cast(1 as bigint) as villages_expected,
        cast(case when reporting.is_covered then 1 else 0 end as bigint) as villages_covered,
        cast(case when reporting.is_on_time then 1 else 0 end as bigint) as villages_on_time
    from {{ ref('int_reporting') }} as reporting
    left join {{ ref('int_division_parents') }} as parents
        on reporting.period = parents.period and reporting.division_code = parents.division_code
    where parents.period is null

    union all

    select
        reporting.period,
        pairs.ancestor_code,
        reporting.template,
        count(*),
        count(case when reporting.is_covered then 1 end),
        count(case when reporting.is_on_time then 1 end)
    from {{ ref('int_reporting') }} as reporting
    inner join {{ ref('int_division_pairs') }} as pairs
        on reporting.period = pairs.period and reporting.division_code = pairs.division_code
    inner join {{ ref('int_division_parents') }} as parents
        on pairs.period = parents.period and pairs.ancestor_code = parents.division_code
    group by reporting.period, pairs.ancestor_code, reporting.template

)

select
    counted.period,
    counted.division_code,
    divisions.level,
    counted.template,
    counted.villages_expected,
    counted.villages_covered,
    counted.villages_on_time
from counted
inner join {{ ref('int_divisions') }} as divisions
    on counted.period = divisions.period and counted.division_code = divisions.division_code
where divisions.is_shown
