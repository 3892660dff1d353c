-- One row per division to choose from beside $division in $period: all counties, the townships of its county, the villages
-- of its township. A code that had ended, or not begun, is left out, unless it is the one asked for.
with asked as (
    select
        division_code,
        case level when 'county' then division_code else county_code end as county_code,
        case level when 'township' then division_code else township_code end as township_code,
    from marts.dim_division
    where division_code = $division
)

select
    division.division_code,
    division.name,
    division.level,
    division.parent_code,
    division.village_type,
    concat_ws(' · ', prefecture.name, county.name, township.name) as parents,
from marts.dim_division as division
left join asked on true
left join marts.dim_division as prefecture on prefecture.division_code = division.prefecture_code
left join marts.dim_division as county on county.division_code = division.county_code
left join marts.dim_division as township on township.division_code = division.township_code
where division.division_code = $division
    or (
        (
            division.level = 'county'
            or (division.level = 'township' and division.county_code = asked.county_code)
            or (division.level = 'village' and division.township_code = asked.township_code)
        )
        and coalesce(division.valid_from <= last_day(strptime($period || '-01', '%Y-%m-%d')::date), true)
        and coalesce(division.valid_to >= last_day(strptime($period || '-01', '%Y-%m-%d')::date), true)
    )
order by division.division_code
limit 5000
