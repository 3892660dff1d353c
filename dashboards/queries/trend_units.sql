-- One row per division that has a value of $indicator, now or under its former code, inside $prefix or above it; the
-- scope's own line comes first.
with

valued as (
    select distinct division_code
    from marts.fct_indicator
    where indicator_code = $indicator and state in ('value', 'partial')
),

scope as (
    select *
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
left join marts.dim_division as township
    on division.level = 'village' and division.township_code = township.division_code
left join scope on true
where
    (
        starts_with(division.division_code, $prefix)
        or division.division_code in (scope.province_code, scope.prefecture_code, scope.county_code, scope.township_code)
    )
    and (
        division.division_code in (select valued.division_code from valued)
        or division.predecessor_code in (select valued.division_code from valued)
    )
order by
    division.division_code <> $division,
    list_position(['province', 'prefecture', 'county', 'township', 'village'], division.level),
    division.division_code
limit 3000
