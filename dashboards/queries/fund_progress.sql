-- One row per county and month of the year of $period: the expenditure rate as published.
select
    fact.period,
    fact.division_code,
    division.name,
    fact.value,
from marts.fct_indicator as fact
inner join marts.dim_division as division using (division_code)
where fact.indicator_code = $indicator
    and fact.period between left($period, 4) || '-01' and $period
    and (division.level = 'county' or fact.division_code = $division)
    and starts_with(fact.division_code, $prefix)
    and fact.value is not null
order by fact.division_code, fact.period
