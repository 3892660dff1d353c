-- One row per kind of finding.
select
    code,
    title,
    severity,
    department,
    cure
from {{ source('catalogue', 'findings') }}
