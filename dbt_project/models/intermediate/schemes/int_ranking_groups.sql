-- One row per ranking with consequences: how many places its first and its last group have, NULL where it has no such group.
select
    scheme,
    ranking,
    max(n) filter (where trigger = 'top') as first_places,
    max(n) filter (where trigger in ('last', 'lagging')) as last_places
from {{ source('catalogue', 'scheme_actions') }}
group by scheme, ranking
