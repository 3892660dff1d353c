{{ config(meta={'months': 'whole'}) }}
-- One row per submission received by the edition's as-of time.
select
    submissions.submission_id,
    submissions.sha256,
    submissions.file_name,
    submissions.template,
    submissions.scope_code,
    submissions.period,
    submissions.received_at,
    submissions.outcome,
    submissions.outcome in ('accepted', 'partial') as is_in_warehouse,
    submissions.rows_read,
    submissions.rows_accepted,
    submissions.rows_rejected,
    submissions.rows_warned,
    submissions.reason,
    templates.reach,
    templates.cover
from {{ source('raw', 'submissions') }} as submissions
left join {{ source('catalogue', 'templates') }} as templates on submissions.template = templates.template
where submissions.received_at <= cast('{{ var("as_of") }}' as timestamp)
