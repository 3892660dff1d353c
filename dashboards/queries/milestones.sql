-- One row per milestone of $division in $period.
select
    scheme.title as scheme_title,
    milestone.title,
    fact.indicator_code,
    indicator.title as indicator_title,
    indicator.unit,
    fact.checkpoint,
    fact.threshold,
    fact.value,
    fact.benchmark,
    milestone.benchmark_level,
    fact.branch,
    fact.state,
    case
        when milestone.benchmark_level is null then 'not_applicable'
        when fact.state = 'pending_benchmark' then 'pending_benchmark'
    end as benchmark_state,
    fact.daily_pace,
    case when fact.state in ('met', 'missed', 'pending_benchmark') then 'due' else fact.state end as pace_state,
    clause.quote,
from marts.fct_milestone as fact
inner join marts.dim_milestone as milestone
    on milestone.scheme = fact.scheme and milestone.milestone = fact.milestone
inner join marts.dim_scheme as scheme on scheme.scheme = fact.scheme
left join marts.dim_indicator as indicator on indicator.indicator_code = fact.indicator_code
left join marts.dim_scheme_clause as clause on clause.clause_id = fact.clause_id
where fact.period = $period and fact.division_code = $division
order by fact.checkpoint, milestone.title
