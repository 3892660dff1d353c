-- One row per division above village with figures in $period; first the home of a scheme in force, then from the top down.
with

homes as (
    select distinct division_code
    from marts.dim_scheme
    where strftime(valid_from, '%Y-%m') <= $period
        and (valid_to is null or strftime(valid_to, '%Y-%m') >= $period)
),

above as materialized (
    select distinct division_code
    from ({{widest}})
    where period = $period and value is not null
),

-- townships are looked up only where there is room for them; else a code that nothing has, so that the table is not read
townships as (
    select division_code
    from marts.dim_division
    where level = 'township' and ((select count(*) from above) < 2000 or division_code in (select division_code from homes))
    union all
    select '0'
    where (select count(*) from above) >= 2000
),

reported as (
    from above
    union
    select division_code
    from marts.fct_indicator
    where period = $period
        and level = 'township'
        and value is not null
        and division_code in (select division_code from townships)
)

select
    division.division_code,
    division.name,
    division.level,
    division.parent_code,
from marts.dim_division as division
inner join reported using (division_code)
left join homes using (division_code)
where division.level <> 'village'
order by
    homes.division_code is null,
    list_position(['province', 'prefecture', 'county', 'township'], division.level),
    division.division_code
limit 2000
