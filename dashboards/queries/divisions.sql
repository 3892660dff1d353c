-- One row per division above village with figures in $period; first the home of a scheme in force, then from the top down.
with

reported as (
    select distinct division_code
    from marts.fct_indicator
    where period = $period and level <> 'village' and value is not null
),

homes as (
    select distinct division_code
    from marts.dim_scheme
    where strftime(valid_from, '%Y-%m') <= $period
        and (valid_to is null or strftime(valid_to, '%Y-%m') >= $period)
)

select
    division.division_code,
    division.name,
    division.level,
    division.parent_code,
from marts.dim_division as division
inner join reported using (division_code)
left join homes using (division_code)
order by
    homes.division_code is null,
    list_position(['province', 'prefecture', 'county', 'township'], division.level),
    division.division_code
limit 2000
