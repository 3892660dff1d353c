-- One row per kind of finding inside $prefix in $period: how many, for whom to mend and how.
select
    kind.title,
    fact.severity,
    count(*) as findings,
    coalesce(any_value(fact.department), any_value(kind.department)) as department,
    any_value(kind.cure) as cure,
    min(fact.message) as example,
from marts.fct_finding as fact
left join marts.dim_finding as kind using (code)
where fact.period = $period and fact.division_code between $prefix and $prefix || 'x'
group by fact.code, kind.title, fact.severity
order by fact.severity = 'error' desc, findings desc, kind.title
