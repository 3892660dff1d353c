-- One row per unit right below $division, and $division as a whole: what its villages are asked to fill in for $period.
with

viewed as (select level from marts.dim_division where division_code = $division),

villages as (
    select
        fact.*,
        case viewed.level
            when 'province' then division.prefecture_code
            when 'prefecture' then division.county_code
            when 'county' then division.township_code
            else division.division_code
        end as unit_code,
    from marts.fct_burden as fact
    cross join viewed
    inner join marts.dim_division as division on division.division_code = fact.village_code
    where fact.period = $period and fact.village_code between $prefix and $prefix || 'x'
),

units as (
    select
        unit_code,
        grouping(unit_code) = 1 as is_scope,
        count(*) as villages,
        sum(forms_asked)::decimal(18, 0) / count(*) as forms_asked,
        sum(forms_given)::decimal(18, 0) / count(*) as forms_given,
        sum(columns_asked)::decimal(18, 0) / count(*) as columns_asked,
        sum(columns_repeated)::decimal(18, 0) / count(*) as columns_repeated,
        sum(cells_given)::decimal(18, 0) / count(*) as cells_per_village,
        max(cells_given) as cells_most,
        cast(sum(cells_given) as bigint) as cells_given,
        cast(sum(cells_prefillable) as bigint) as cells_prefillable,
    from villages
    group by grouping sets ((unit_code), ())
)

select
    coalesce(division.name, '合计') as name,
    units.* exclude (unit_code),
    cells_prefillable / nullif(cells_given, 0)::decimal(18, 0) as prefillable_rate,
    case when cells_given = 0 then 'missing' end as prefillable_state,
from units
left join marts.dim_division as division on division.division_code = units.unit_code
order by not is_scope, cells_per_village desc, units.unit_code
