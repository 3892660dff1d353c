-- One row per thing on list $list inside $prefix in $period; on the lists of two schemes it stands once.
select
    fact.division_code,
    coalesce(division.name, fact.division_code) as division_name,
    fact.entity_id,
    any_value(fact.value) as value,
    any_value(fact.reason) as reason,
    string_agg(distinct scheme.title, '、' order by scheme.title) as scheme_title,
from marts.fct_list as fact
left join marts.dim_division as division on division.division_code = fact.division_code
left join marts.dim_scheme as scheme on scheme.scheme = fact.scheme
where fact.period = $period
    and fact.list = $list
    and fact.division_code between $prefix and $prefix || 'x'
group by fact.division_code, division.name, fact.entity_id
order by value desc, fact.division_code, fact.entity_id
limit 10000
