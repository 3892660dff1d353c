-- One row per template not completely handed in for $division in $period, with the units one level down that still owe it.
with

due as (
    {{due_templates}}
),

owing as (
    select
        fact.template,
        list(division.name order by division.division_code) as names,
    from marts.fct_reporting as fact
    inner join marts.dim_division as division using (division_code)
    where fact.period = $period
        and division.parent_code = $division
        and fact.villages_covered < fact.villages_expected
    group by fact.template
)

select
    due.title,
    fact.villages_expected,
    fact.villages_covered,
    fact.villages_on_time,
    fact.villages_covered / nullif(fact.villages_expected, 0)::decimal(18, 0) as covered_rate,
    array_to_string(owing.names[1:8], '、')
        || case when len(owing.names) > 8 then ' 等' || len(owing.names) || '个' else '' end as owing_units,
from marts.fct_reporting as fact
inner join due using (template)
left join owing using (template)
where fact.period = $period
    and fact.division_code = $division
    and fact.villages_covered < fact.villages_expected
order by due.position
