-- One row per template and reason for which cells were rejected inside $prefix in $period, the most frequent first.
select
    coalesce(template.title, submission.template) as template_title,
    rejected.message,
    count(*) as cells,
    count(distinct (rejected.submission_id, rejected.row_number)) as rows_rejected,
    count(distinct rejected.submission_id) as files,
from marts.fct_rejected_row as rejected
inner join marts.fct_submission as submission using (submission_id)
left join marts.dim_template as template on template.template = submission.template
where submission.period = $period and submission.scope_code between $prefix and $prefix || 'x'
group by all
order by cells desc, template_title, rejected.message
limit 1000
