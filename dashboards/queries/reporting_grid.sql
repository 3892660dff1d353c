-- One row per unit ($division and those right below it) and template due there in $period: villages expected, in, on time.
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
)

select
    fact.division_code,
    division.name,
    fact.division_code = $division as is_scope,
    template.template,
    template.title,
    fact.villages_expected,
    fact.villages_covered,
    fact.villages_on_time,
from marts.fct_reporting as fact
inner join marts.dim_template as template using (template)
inner join marts.dim_division as division on division.division_code = fact.division_code
where fact.period = $period
    and (fact.division_code = $division or division.parent_code = $division)
    and (fact.template in (select template from scheme_templates) or not exists (select 1 from scheme_templates))
order by not is_scope, fact.division_code, template.position
