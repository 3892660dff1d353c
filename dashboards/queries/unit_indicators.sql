-- One row per indicator of $indicators (comma-separated, in their order) and unit: $division and those right below it.
with

asked as (
    select
        unnest(string_split($indicators, ',')) as indicator_code,
        generate_subscripts(string_split($indicators, ','), 1) as position,
),

units as (
    select division_code, name
    from marts.dim_division
    where division_code = $division
        or (
            parent_code = $division
            -- a unit whose code had ended, or not begun, owes nothing
            and coalesce(valid_from <= last_day(strptime($period || '-01', '%Y-%m-%d')::date), true)
            and coalesce(valid_to >= last_day(strptime($period || '-01', '%Y-%m-%d')::date), true)
        )
)

select
    units.division_code,
    units.name,
    units.division_code = $division as is_scope,
    asked.indicator_code,
    indicator.title,
    indicator.unit,
    indicator.better,
    fact.numerator,
    fact.denominator,
    fact.value,
    fact.previous_value,
    fact.year_ago_value,
    fact.coverage,
    coalesce(fact.state, 'missing') as state,
from units
cross join asked
inner join marts.dim_indicator as indicator using (indicator_code)
left join marts.fct_indicator as fact
    on fact.division_code = units.division_code
    and fact.indicator_code = asked.indicator_code
    and fact.period = $period
order by not is_scope, units.division_code, asked.position
