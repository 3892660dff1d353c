-- One row per issue inside $prefix found by the end of $period (of $source, or of all): overdue first, closed last.
select
    issue.issue_id,
    division.name as division_name,
    issue.source,
    issue.category,
    issue.unit,
    issue.found_on,
    issue.due_on,
    issue.closed_on,
    case
        when issue.closed_on is not null then 'closed'
        when issue.is_overdue then 'overdue'
        else 'open'
    end as state,
    coalesce(issue.is_overdue, false) as is_overdue,
from marts.fct_rectification as issue
left join marts.dim_division as division using (division_code)
where issue.period = $period
    and issue.division_code between $prefix and $prefix || 'x'
    and ($source is null or issue.source = $source)
order by not coalesce(issue.is_overdue, false), issue.closed_on is not null, issue.due_on, issue.issue_id
limit 10000
