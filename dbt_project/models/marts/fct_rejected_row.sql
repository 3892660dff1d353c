-- One row per rejected row and offending field; values of personal fields are masked.
with problems as (

    select
        problems.*,
        row_number() over (
            partition by problems.submission_id, problems.row_number, problems.field order by problems.code
        ) as place
    from {{ source('raw', 'problems') }} as problems
    inner join {{ ref('stg_submissions') }} as submissions on problems.submission_id = submissions.submission_id
    where problems.severity = 'error'

)

select
    submission_id,
    row_number,
    field,
    value,
    code,
    message
from problems
where place = 1
