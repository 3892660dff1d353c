-- One row per county inside $prefix (and the scope itself), with its funds of $fund_year up to $period; NULL is not reported.
with

units as (
    select division_code, name, level
    from marts.dim_division
    where division_code = $division
        or (
            level = 'county'
            and division_code between $prefix and $prefix || 'x'
            -- a county whose code had ended, or not begun, owes nothing
            and coalesce(valid_from <= last_day(strptime($period || '-01', '%Y-%m-%d')::date), true)
            and coalesce(valid_to >= last_day(strptime($period || '-01', '%Y-%m-%d')::date), true)
        )
),

funds as (
    select
        division_code,
        sum(issued) as issued,
        sum(allocated) as allocated,
        sum(paid) as paid,
    from marts.fct_fund
    where period = $period
        and division_code in (select division_code from units)
        and fund_year = $fund_year
        and ($source_level is null or source_level = $source_level)
        and ($fund_type is null or fund_type = $fund_type)
    group by division_code
),

rated as (
    {{rated}}
),

rates as (
    select
        division_code,
        max(value) filter (where indicator_code = 'linkage_allocation_rate') as allocation_rate,
        max(state) filter (where indicator_code = 'linkage_allocation_rate') as allocation_state,
        max(value) filter (where indicator_code = $indicator) as expenditure_rate,
        max(state) filter (where indicator_code = $indicator) as expenditure_state,
    from rated
    where period = $period and indicator_code in ('linkage_allocation_rate', $indicator)
    group by division_code
)

select
    units.division_code,
    units.name,
    units.level,
    units.division_code = $division as is_scope,
    funds.issued,
    funds.allocated,
    funds.paid,
    rates.allocation_rate,
    rates.allocation_state,
    rates.expenditure_rate,
    rates.expenditure_state,
    'missing' as fund_state,
from units
left join funds using (division_code)
left join rates using (division_code)
order by not is_scope, rates.expenditure_rate desc nulls last, units.division_code
