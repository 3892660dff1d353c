-- One row per period and division under the code it goes by at the edition's period.
with named as (

    select
        divisions.period,
        coalesce(successors.successor_code, divisions.division_code) as division_code,
        divisions.division_code as raw_code,
        divisions.name,
        divisions.level,
        divisions.village_type,
        coalesce(
            divisions.province_code, divisions.prefecture_code, divisions.county_code,
            divisions.township_code, divisions.village_code
        ) as root_raw_code,
        row_number() over (
            partition by divisions.period, coalesce(successors.successor_code, divisions.division_code)
            order by successors.successor_code nulls first, divisions.division_code
        ) as place
    from {{ ref('stg_divisions') }} as divisions
    left join {{ ref('int_division_successors') }} as successors on divisions.division_code = successors.division_code
    where divisions.is_valid

),

reported_roots as (

    select distinct
        periods.period,
        coalesce(
            divisions.province_code, divisions.prefecture_code, divisions.county_code,
            divisions.township_code, divisions.village_code
        ) as root_raw_code
    from {{ ref('stg_submissions') }} as submissions
    inner join {{ ref('stg_periods') }} as periods
        on submissions.period <= periods.period and submissions.period > periods.year_ago_period
    inner join {{ ref('int_division_ancestors') }} as ancestors
        on periods.period = ancestors.period
        and submissions.scope_code = ancestors.raw_code
        and ancestors.raw_code = ancestors.ancestor_raw_code
    inner join {{ ref('stg_divisions') }} as divisions
        on ancestors.period = divisions.period and ancestors.raw_code = divisions.division_code
    where submissions.is_in_warehouse and submissions.template <> 'divisions'

)

select
    named.period,
    named.division_code,
    named.name,
    named.level,
    named.village_type,
    -- shown are the trees that reported anything in the year up to the month
    reported_roots.root_raw_code is not null as is_shown
from named
left join reported_roots
    on named.period = reported_roots.period and named.root_raw_code = reported_roots.root_raw_code
where named.place = 1
