-- One row per unit that may be reviewed: $division, those above it, and those right below it that reported in $period.
with asked as (
    select * from marts.dim_division where division_code = $division
),

reported as (
    select distinct division_code
    from marts.fct_indicator
    where period = $period and level <> 'village' and value is not null
)

select
    division.division_code,
    division.name,
    division.level,
    division.parent_code,
from marts.dim_division as division
cross join asked
left join reported on reported.division_code = division.division_code
where division.division_code in (
        asked.division_code, asked.province_code, asked.prefecture_code, asked.county_code, asked.township_code
    )
    or (division.parent_code = $division and division.level <> 'village' and reported.division_code is not null)
order by division.division_code
