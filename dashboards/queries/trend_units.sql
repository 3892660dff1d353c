-- One row per division that has a value of $indicator, now or under its former code, inside $prefix or above it; the
-- scope's own line comes first. From the top down as far as there is room: townships and villages are looked up only
-- where all that could have a value can be listed (3000, each under two codes). Else a code is looked up that nothing has,
-- which tells the engine that it need not read the table.
with

above as (
    select unnest([province_code, prefecture_code, county_code, township_code]) as division_code
    from marts.dim_division
    where division_code = $division
),

places as materialized (
    select *
    from marts.dim_division
    where division_code between $prefix and $prefix || 'x'
    union all
    select *
    from marts.dim_division
    where division_code in (select division_code from above) and division_code not between $prefix and $prefix || 'x'
),

wide as materialized (
    select distinct division_code
    from ({{widest}})
    where indicator_code = $indicator and value is not null
),

townships as (
    select unnest([division_code, predecessor_code]) as division_code
    from places
    where level = 'township'
),

above_village as materialized (
    from wide
    union all
    select distinct division_code
    from marts.fct_indicator
    where indicator_code = $indicator
        and level = 'township'
        and value is not null
        and division_code in (
            select division_code from townships where (select count(*) from townships) <= 6000
            union all
            select '0' where (select count(*) from townships) not between 1 and 6000
        )
),

villages as (
    select unnest([division_code, predecessor_code]) as division_code
    from places
    where level = 'village'
        and coalesce(township_code, county_code) in (
            select division_code
            from places
            where division_code in (select division_code from above_village)
                or predecessor_code in (select division_code from above_village)
        )
),

valued as materialized (
    from above_village
    union all
    select distinct division_code
    from marts.fct_indicator
    where indicator_code = $indicator
        and level = 'village'
        and value is not null
        and division_code in (
            select division_code from villages where (select count(*) from villages) <= 6000
            union all
            select '0' where (select count(*) from villages) not between 1 and 6000
        )
)

select
    place.division_code,
    place.name,
    place.level,
    township.name as township_name,
    place.valid_from,
    place.predecessor_code,
from places as place
left join places as township
    on case when place.level = 'village' then place.township_code end = township.division_code
where place.division_code in (select division_code from valued)
    or place.predecessor_code in (select division_code from valued)
order by
    place.division_code <> $division,
    list_position(['province', 'prefecture', 'county', 'township', 'village'], place.level),
    place.division_code
limit 3000
