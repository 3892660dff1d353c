-- One row per kind of finding and department inside $prefix in $period: how many, in how many units; errors first.
select
    fact.code,
    coalesce(kind.title, fact.code) as title,
    fact.severity,
    fact.department,
    kind.cure,
    coalesce(kind.is_signal, false) as is_signal,
    count(*) as findings,
    count(distinct fact.division_code) as units,
from marts.fct_finding as fact
left join marts.dim_finding as kind using (code)
where fact.period = $period and fact.division_code between $prefix and $prefix || 'x'
group by all
order by fact.severity, findings desc, fact.code, fact.department
