-- One row per submission of $period that concerns $division (scope inside it, or around it), newest first, up to 200.
select
    submission.submission_id,
    submission.file_name,
    coalesce(template.title, submission.template) as template_title,
    submission.scope_code,
    submission.received_at,
    submission.outcome,
    submission.rows_accepted,
    submission.rows_rejected,
    submission.rows_warned,
    submission.reason,
from marts.fct_submission as submission
left join marts.dim_template as template using (template)
where submission.period = $period
    and (submission.scope_code between $prefix and $prefix || 'x' or starts_with($division, rtrim(submission.scope_code, '0')))
order by submission.submission_id desc
limit 200
