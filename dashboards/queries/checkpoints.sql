-- One row per unit inside $prefix and milestone that is not due yet in $period and not reached: what is left a day.
select
    division.name,
    fact.division_code,
    milestone.title,
    scheme.title as scheme_title,
    indicator.title as indicator_title,
    indicator.unit,
    fact.checkpoint,
    date_diff('day', last_day(strptime($period || '-01', '%Y-%m-%d')::date), fact.checkpoint) as days_left,
    fact.value,
    fact.threshold,
    fact.daily_pace,
    fact.state,
    clause.quote,
from marts.fct_milestone as fact
inner join marts.dim_milestone as milestone
    on milestone.scheme = fact.scheme and milestone.milestone = fact.milestone
inner join marts.dim_scheme as scheme on scheme.scheme = fact.scheme
inner join marts.dim_division as division on division.division_code = fact.division_code
left join marts.dim_indicator as indicator on indicator.indicator_code = fact.indicator_code
left join marts.dim_scheme_clause as clause on clause.clause_id = fact.clause_id
where fact.period = $period
    and fact.division_code between $prefix and $prefix || 'x'
    and fact.state = 'not_due'
    and (fact.daily_pace > 0 or fact.value is null)
order by fact.checkpoint, fact.daily_pace desc nulls last, fact.division_code
