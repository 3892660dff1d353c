-- One row per indicator of $division in $period.
select
    fact.indicator_code,
    indicator.title,
    indicator.unit,
    indicator.better,
    fact.value,
    fact.previous_value,
    fact.year_ago_value,
    fact.coverage,
    fact.state,
from marts.fct_indicator as fact
inner join marts.dim_indicator as indicator using (indicator_code)
where fact.period = $period and fact.division_code = $division
order by fact.indicator_code
