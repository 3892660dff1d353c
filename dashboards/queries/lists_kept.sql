-- One row per scheme that keeps list $list and is in force for $division in $period.
select scheme.title as scheme_title
from marts.dim_list as kept
inner join marts.dim_scheme as scheme using (scheme)
inner join marts.dim_division as scheme_division on scheme_division.division_code = scheme.division_code
inner join marts.dim_division as viewed on viewed.division_code = $division
where kept.list = $list
    and strftime(scheme.valid_from, '%Y-%m') <= $period
    and (scheme.valid_to is null or strftime(scheme.valid_to, '%Y-%m') >= $period)
    and (
        scheme.division_code
            in (viewed.province_code, viewed.prefecture_code, viewed.county_code, viewed.township_code)
        or $division in (
            scheme_division.province_code, scheme_division.prefecture_code,
            scheme_division.county_code, scheme_division.township_code
        )
    )
order by scheme_title
