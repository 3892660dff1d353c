-- One row per county and month of the year of $period: the expenditure rate as published.
with rated as (
    {{rated}}
)

select
    fact.period,
    fact.division_code,
    division.name,
    fact.value,
from rated as fact
inner join marts.dim_division as division using (division_code)
where fact.indicator_code = $indicator
    and fact.period between left($period, 4) || '-01' and $period
    and fact.value is not null
    and division.division_code between $prefix and $prefix || 'x'
order by fact.division_code, fact.period
