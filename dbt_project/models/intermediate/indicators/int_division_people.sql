-- One row per period and division: which templates speak for it, and what its households and their persons sum up to.
-- The wide half of what indicators are made of, put together by itself: all at once does not fit into a small memory.
select
    covers.*,
    households.* {{ without(['period', 'division_code']) }},
    persons.* {{ without(['period', 'division_code']) }},
    year_ago.* {{ without(['period', 'division_code']) }}
from {{ ref('int_division_covers') }} as covers
left join {{ ref('int_household_measures') }} as households
    on covers.period = households.period and covers.division_code = households.division_code
left join {{ ref('int_person_measures') }} as persons
    on covers.period = persons.period and covers.division_code = persons.division_code
left join {{ ref('int_person_year_ago') }} as year_ago
    on covers.period = year_ago.period and covers.division_code = year_ago.division_code
