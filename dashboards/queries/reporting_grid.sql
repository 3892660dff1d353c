-- One row per unit ($division and those right below it) and template due there in $period: villages expected, in, on time.
with due as (
    {{due_templates}}
)

select
    fact.division_code,
    division.name,
    fact.division_code = $division as is_scope,
    due.template,
    due.title,
    fact.villages_expected,
    fact.villages_covered,
    fact.villages_on_time,
from marts.fct_reporting as fact
inner join due using (template)
inner join marts.dim_division as division on division.division_code = fact.division_code
where fact.period = $period and (fact.division_code = $division or division.parent_code = $division)
order by not is_scope, fact.division_code, due.position
