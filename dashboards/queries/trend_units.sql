-- One row per division that has a value of $indicator, now or under its former code, inside $prefix or above it; the
-- scope's own line comes first.
with

valued as materialized (
    select distinct division_code
    from marts.fct_indicator
    where indicator_code = $indicator and value is not null
),

drawn as (
    select division_code from valued
    union
    select division.division_code
    from marts.dim_division as division
    inner join valued on valued.division_code = division.predecessor_code
),

above as (
    select unnest([province_code, prefecture_code, county_code, township_code]) as division_code
    from marts.dim_division
    where division_code = $division
)

select
    division.division_code,
    division.name,
    division.level,
    township.name as township_name,
    division.valid_from,
    division.predecessor_code,
from marts.dim_division as division
semi join drawn using (division_code)
left join marts.dim_division as township
    on division.level = 'village' and division.township_code = township.division_code
where starts_with(division.division_code, $prefix) or division.division_code in (select division_code from above)
order by
    division.division_code <> $division,
    list_position(['province', 'prefecture', 'county', 'township', 'village'], division.level),
    division.division_code
limit 3000
