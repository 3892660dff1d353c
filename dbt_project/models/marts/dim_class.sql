-- One row per class in which a ranking ranks its units apart.
select distinct
    scheme,
    ranking,
    class,
    title
from {{ source('catalogue', 'scheme_classes') }}
