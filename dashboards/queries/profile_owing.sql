-- One row per report a scheme in force asks of $division in $period that is not complete, with who is chased for it.
with division as (
    select * from marts.dim_division where division_code = $division
),

asked as (
    select distinct templates.template
    from marts.dim_scheme as schemes
    inner join marts.dim_scheme_template as templates using (scheme)
    cross join division
    where strftime(schemes.valid_from, '%Y-%m') <= $period
        and coalesce(strftime(schemes.valid_to, '%Y-%m') >= $period, true)
        and schemes.division_code in (
            division.division_code, division.province_code, division.prefecture_code, division.county_code,
            division.township_code
        )
),

chased as (
    select code, min(department) as department, min(since) as since, max(months_running) as months_running
    from marts.fct_chase
    where period = $period
        and kind = 'template'
        and (division_code between $prefix and $prefix || 'x' or starts_with($division, rtrim(division_code, '0')))
    group by code
)

select
    template.title,
    reporting.villages_expected,
    reporting.villages_covered,
    chased.department,
    chased.since,
    chased.months_running,
from asked
inner join marts.dim_template as template on template.template = asked.template
inner join marts.fct_reporting as reporting
    on reporting.period = $period and reporting.division_code = $division and reporting.template = asked.template
left join chased on chased.code = asked.template
where reporting.villages_covered < reporting.villages_expected
order by template.position
