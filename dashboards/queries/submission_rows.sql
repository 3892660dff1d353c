-- One row per file handed in for $period by units inside $prefix, the newest first.
select
    submission.submission_id,
    submission.file_name,
    coalesce(template.title, submission.template) as template_title,
    coalesce(division.name, submission.scope_code) as division_name,
    strftime(submission.received_at, '%Y-%m-%d %H:%M') as received,
    submission.outcome,
    submission.rows_read,
    submission.rows_accepted,
    submission.rows_rejected,
    submission.rows_warned,
    submission.reason,
from marts.fct_submission as submission
left join marts.dim_template as template using (template)
left join marts.dim_division as division on division.division_code = submission.scope_code
where submission.period = $period and submission.scope_code between $prefix and $prefix || 'x'
order by submission.received_at desc, submission.submission_id desc
limit 10000
