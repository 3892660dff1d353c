-- One row per reporting template.
select
    template,
    title,
    kind,
    position
from {{ source('catalogue', 'templates') }}
