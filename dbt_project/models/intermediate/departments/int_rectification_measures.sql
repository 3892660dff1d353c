-- One row per period and division with issues of its own: issues found, closed and overdue by the period's end.
select
    issues.period,
    issues.division_code,
    count(*) filter (where issues.found_on <= periods.last_day) as found_issues,
    count(*) filter (where issues.found_on <= periods.last_day and issues.closed_on <= periods.last_day) as closed_issues,
    count(*) filter (
        where issues.due_on < periods.last_day and not coalesce(issues.closed_on <= periods.last_day, false)
    ) as overdue_issues
from {{ ref('stg_rectifications') }} as issues
inner join {{ ref('stg_periods') }} as periods on issues.period = periods.period
group by issues.period, issues.division_code
