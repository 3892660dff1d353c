-- One row per period, template and division code: the file that could fill in the one of the month, which is that of the month before.
-- A table of its own: in a first month it is empty, and the engine then opens no file of the month for it.
select
    periods.period,
    newest.template,
    newest.raw_code,
    newest.division_code,
    newest.submission_id
from {{ ref('int_scope_newest') }} as newest
inner join {{ ref('stg_submissions') }} as submissions
    on newest.submission_id = submissions.submission_id and newest.period = submissions.period
inner join {{ ref('stg_periods') }} as periods on newest.period = periods.previous_period
