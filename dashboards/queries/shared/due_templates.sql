-- One row per template due of $division in $period: those of the schemes in force there; where none is in force, all of them.
with scheme_templates as (
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

select template, title, position
from marts.dim_template
where template in (select template from scheme_templates) or not exists (select 1 from scheme_templates)
