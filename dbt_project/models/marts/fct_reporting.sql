-- One row per period, division with villages, and template.
select
    reporting.period,
    pairs.ancestor_code as division_code,
    divisions.level,
    reporting.template,
    count(*) as villages_expected,
    count(*) filter (where reporting.is_covered) as villages_covered,
    count(*) filter (where reporting.is_on_time) as villages_on_time
from {{ ref('int_reporting') }} as reporting
inner join {{ ref('int_division_pairs') }} as pairs
    on reporting.period = pairs.period and reporting.division_code = pairs.division_code
inner join {{ ref('int_divisions') }} as divisions
    on reporting.period = divisions.period and pairs.ancestor_code = divisions.division_code
where divisions.is_shown
group by reporting.period, pairs.ancestor_code, divisions.level, reporting.template
