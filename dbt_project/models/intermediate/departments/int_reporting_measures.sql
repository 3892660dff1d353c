-- One row per period and division: reports due of a village under the schemes in force there, and rows read and rejected
-- of the submissions whose scope is the division.
with reports as (

    select
        reporting.period,
        reporting.division_code,
        count(*) as reports_expected,
        count(*) filter (where reporting.is_covered) as reports_covered,
        count(*) filter (where reporting.is_on_time) as reports_on_time
    from {{ ref('int_reporting') }} as reporting
    inner join {{ ref('int_asked_forms') }} as asked
        on reporting.period = asked.period
        and reporting.division_code = asked.division_code
        and reporting.template = asked.template
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
