-- One row per finding of kind $code inside $prefix in $period; the first $most.
select
    fact.finding_id,
    fact.severity,
    coalesce(division.name, fact.division_code) as division_name,
    fact.entity_type,
    fact.entity_id,
    fact.message,
    fact.department,
from marts.fct_finding as fact
left join marts.dim_division as division using (division_code)
where fact.period = $period and fact.code = $code and fact.division_code between $prefix and $prefix || 'x'
order by fact.division_code, fact.entity_type, fact.entity_id, fact.finding_id
limit $most
