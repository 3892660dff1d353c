-- One row per template not completely handed in for $division in $period, with the units one level down that still owe it.
-- Due are the templates of the schemes in force there; where none is in force, all of them.
with

scheme_templates as (
    select distinct required.template
    from marts.dim_scheme_template as required
    inner join marts.dim_scheme as scheme using (scheme)
    inner join marts.dim_division as scheme_division on scheme_division.division_code = scheme.division_code
    inner join marts.dim_division as viewed on viewed.division_code = $division
    where strftime(scheme.valid_from, '%Y-%m') <= $period
        and strftime(scheme.valid_to, '%Y-%m') >= $period
        and (
            scheme.division_code
                in (viewed.province_code, viewed.prefecture_code, viewed.county_code, viewed.township_code)
            or $division in (
                scheme_division.province_code, scheme_division.prefecture_code,
                scheme_division.county_code, scheme_division.township_code
            )
        )
),

due as (
    select template
    from marts.dim_template
    where template in (select template from scheme_templates) or not exists (select 1 from scheme_templates)
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
    template.title,
    fact.villages_expected,
    fact.villages_covered,
    fact.villages_on_time,
    fact.villages_covered / nullif(fact.villages_expected, 0)::decimal(18, 0) as covered_rate,
    array_to_string(owing.names[1:8], '、')
        || case when len(owing.names) > 8 then ' 等' || len(owing.names) || '个' else '' end as owing_units,
from marts.fct_reporting as fact
inner join due using (template)
inner join marts.dim_template as template using (template)
left join owing using (template)
where fact.period = $period
    and fact.division_code = $division
    and fact.villages_covered < fact.villages_expected
order by template.position
