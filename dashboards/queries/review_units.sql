-- One row per unit that may be reviewed: $division, those above it, and those right below it that reported in $period.
with asked as (
    select * from marts.dim_division where division_code = $division
),

below as (
    select division_code
    from marts.dim_division
    where parent_code = $division and level <> 'village'
),

shown as (
    select unnest([division_code, province_code, prefecture_code, county_code, township_code]) as division_code
    from asked
    union
    select division_code
    from marts.fct_indicator
    where period = $period
        and level in ('prefecture', 'county', 'township')
        and value is not null
        and division_code in (select division_code from below)
)

select
    division_code,
    name,
    level,
    parent_code,
from marts.dim_division
semi join shown using (division_code)
order by division_code
