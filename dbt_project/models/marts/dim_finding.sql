-- One row per kind of finding.
select
    code,
    title,
    severity,
    cast(is_signal as boolean) as is_signal,
    department,
    cure
from {{ source('catalogue', 'findings') }}
