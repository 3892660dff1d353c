-- One row per division to choose from beside $division in $period: all counties, the townships of its county, the villages
-- of its township. A code that had ended, or not begun, is left out, unless it is the one asked for.
with

asked as (
    select
        division_code,
        case level when 'county' then division_code else county_code end as county_code,
        case level when 'township' then division_code else township_code end as township_code,
    from marts.dim_division
    where division_code = $division
),

beside as (
    select *
    from marts.dim_division
    where level = 'county'
    union all
    select division.*
    from marts.dim_division as division
    inner join asked using (county_code)
    where division.level = 'township'
    union all
    select division.*
    from marts.dim_division as division
    inner join asked using (township_code)
    where division.level = 'village'
),

shown as (
    select *
    from beside
    where coalesce(valid_from <= last_day(strptime($period || '-01', '%Y-%m-%d')::date), true)
        and coalesce(valid_to >= last_day(strptime($period || '-01', '%Y-%m-%d')::date), true)
    union
    select *
    from marts.dim_division
    where division_code = $division
),

-- what a division lies in
around as (
    select division_code, name
    from marts.dim_division
    where level in ('prefecture', 'county', 'township')
)

select
    shown.division_code,
    shown.name,
    shown.level,
    shown.parent_code,
    shown.village_type,
    concat_ws(' · ', prefecture.name, county.name, township.name) as parents,
from shown
left join around as prefecture on prefecture.division_code = shown.prefecture_code
left join around as county on county.division_code = shown.county_code
left join around as township on township.division_code = shown.township_code
order by shown.division_code
limit 5000
