-- One row per period and issue found by then; what was closed after the month's end is still open in it.
select
    issues.period,
    issues.issue_id,
    issues.division_code,
    issues.source,
    issues.category,
    issues.unit,
    issues.found_on,
    issues.due_on,
    case when issues.closed_on <= periods.last_day then issues.closed_on end as closed_on,
    issues.due_on < periods.last_day and not coalesce(issues.closed_on <= periods.last_day, false) as is_overdue
from {{ ref('stg_rectifications') }} as issues
inner join {{ ref('stg_periods') }} as periods on issues.period = periods.period
where issues.found_on <= periods.last_day
