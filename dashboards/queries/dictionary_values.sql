-- One row per indicator of the edition, with its value in $division in $period where there is one.
select
    indicator.indicator_code,
    indicator.title,
    indicator.unit,
    indicator.better,
    indicator.grain,
    indicator.numerator_zh,
    indicator.denominator_zh,
    indicator.documents,
    indicator.note,
    fact.value,
    fact.numerator,
    fact.denominator,
    fact.previous_value,
    fact.year_ago_value,
    fact.coverage,
    coalesce(fact.state, 'missing') as state,
from marts.dim_indicator as indicator
left join marts.fct_indicator as fact
    on indicator.indicator_code = fact.indicator_code
    and fact.period = $period
    and fact.division_code = $division
order by indicator.title
