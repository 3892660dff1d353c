-- One row per period and division: which templates speak for it, and the sums of its households, persons, loans, village and team.
-- The wide half of what indicators are made of, put together by itself: all at once does not fit into a small memory.
select
    covers.*
    {%- for subject in ['household', 'person', 'village', 'team', 'loan'] %},
    {{ subject }}_measures.* {{ without(['period', 'division_code']) }}
    {%- endfor %},
    year_ago.* {{ without(['period', 'division_code']) }}
from {{ ref('int_division_covers') }} as covers
{%- for subject in ['household', 'person', 'village', 'team', 'loan'] %}
left join {{ ref('int_' ~ subject ~ '_measures') }} as {{ subject }}_measures
    on covers.period = {{ subject }}_measures.period and covers.division_code = {{ subject }}_measures.division_code
{%- endfor %}
left join {{ ref('int_person_year_ago') }} as year_ago
    on covers.period = year_ago.period and covers.division_code = year_ago.division_code
