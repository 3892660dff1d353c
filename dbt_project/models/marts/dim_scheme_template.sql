-- One row per template a scheme requires.
select
    scheme,
    template
from {{ source('catalogue', 'scheme_templates') }}
