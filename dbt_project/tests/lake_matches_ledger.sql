-- Every accepted row of the ledger is in the lake, no more and no fewer: a lost file must never turn into a 0.
with lake_rows as (

    {% for template in [
        'divisions', 'households', 'persons', 'villages', 'projects', 'fund_receipts', 'fund_allocations',
        'fund_payments', 'inspections', 'visits', 'team_attendance', 'loans', 'rectifications', 'assets',
        'triple_checks', 'reported_statistics', 'task_targets', 'support_units',
    ] %}
    select submission_id, '{{ template }}' as template, count(*) as rows_there
    from {{ source('raw', template) }}
    group by submission_id
    {{ "union all" if not loop.last }}
    {% endfor %}

)

select
    submissions.submission_id,
    submissions.file_name,
    submissions.rows_accepted,
    lake_rows.rows_there
from {{ ref('stg_submissions') }} as submissions
left join lake_rows
    on submissions.submission_id = lake_rows.submission_id and submissions.template = lake_rows.template
where submissions.is_in_warehouse and submissions.rows_accepted <> coalesce(lake_rows.rows_there, 0)
