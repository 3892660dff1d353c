-- One row per period and division: reports due of a village under the schemes in force there, and rows read and rejected
-- of the submissions whose scope is the division.
with required as (

    select distinct
        scheme_periods.period,
        pairs.division_code,
        scheme_templates.template
    from {{ ref('int_scheme_periods') }} as scheme_periods
    inner join {{ ref('int_division_pairs') }} as pairs
        on scheme_periods.period = pairs.period and scheme_periods.division_code = pairs.ancestor_code
    inner join {{ source('catalogue', 'scheme_templates') }} as scheme_templates
        on scheme_periods.scheme = scheme_templates.scheme

),

reports as (

    select
        reporting.period,
        reporting.division_code,
        count(*) as reports_expected,
        count(*) filter (where reporting.is_covered) as reports_covered,
        count(*) filter (where reporting.is_on_time) as reports_on_time
    from {{ ref('int_reporting') }} as reporting
    inner join required
        on reporting.period = required.period
        and reporting.division_code = required.division_code
        and reporting.template = required.template
    group by reporting.period, reporting.division_code

),

submitted as (

    select
        submissions.period,
        ancestors.division_code,
        sum(submissions.rows_read) as rows_read,
        sum(submissions.rows_rejected) as rows_rejected
    from {{ ref('stg_submissions') }} as submissions
    inner join {{ ref('int_division_ancestors') }} as ancestors
        on submissions.period = ancestors.period
        and submissions.scope_code = ancestors.raw_code
        and ancestors.raw_code = ancestors.ancestor_raw_code
    group by submissions.period, ancestors.division_code

)

select
    coalesce(reports.period, submitted.period) as period,
    coalesce(reports.division_code, submitted.division_code) as division_code,
    reports.reports_expected,
    reports.reports_covered,
    reports.reports_on_time,
    submitted.rows_read,
    submitted.rows_rejected
from reports
full join submitted
    on reports.period = submitted.period and reports.division_code = submitted.division_code
