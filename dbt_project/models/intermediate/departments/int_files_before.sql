-- One row per period, template and division code: the file that could fill in the one of the month, which is that of the month before.
-- A table of its own: in a first month it is empty, and the engine then opens no file of the month for it.
with own_files as (
{{ own_files() }}

)

select
    periods.period,
    own_files.template,
    own_files.raw_code,
    own_files.division_code,
    own_files.submission_id
from own_files
inner join {{ ref('stg_periods') }} as periods on own_files.period = periods.previous_period
