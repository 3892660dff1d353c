-- One row per unit ($division and those right below it) and template due there in $period: villages expected, in, on time.
with due as (
    {{due_templates}}
),

units as (
    select division_code, name
    from marts.dim_division
    where division_code = $division or parent_code = $division
)

select
    fact.division_code,
    units.name,
    fact.division_code = $division as is_scope,
    due.template,
    due.title,
    fact.villages_expected,
    fact.villages_covered,
    fact.villages_on_time,
from marts.fct_reporting as fact
inner join units using (division_code)
inner join due using (template)
where fact.period = $period
order by not is_scope, fact.division_code, due.position
