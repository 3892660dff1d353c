-- One row per unit of $level inside $prefix: its place in ranking $ranking (scheme/ranking) of $period, and whether that is
-- among the first, among the last (of its class), or between. A unit that takes no part is not checked.
with

units as (
    {{wall_units}}
),

places as (
    select
        fact.division_code,
        fact.class,
        fact.rank,
        fact.ranked_units,
        fact.score,
        fact.state,
        case
            when fact.state = 'pending_announcement' then 'info'
            when fact.rank is null then 'idle'
            -- the last come first: in a small field one can be both
            when fact.rank_from_bottom <= ranking.last_places then 'bad'
            when fact.rank <= ranking.first_places then 'good'
            else 'warn'
        end as light,
    from marts.fct_ranking as fact
    inner join marts.dim_ranking as ranking on ranking.scheme = fact.scheme and ranking.ranking = fact.ranking
    where fact.edition_period = $period and fact.scheme || '/' || fact.ranking = $ranking
    -- of a unit in two classes the worse place
    qualify row_number() over (
        partition by fact.division_code order by fact.rank_from_bottom nulls last, fact.class
    ) = 1
)

select
    units.*,
    places.class,
    places.rank,
    places.ranked_units,
    places.score,
    places.state,
    (places.division_code is not null)::integer as checked,
    coalesce(places.light, 'idle') as light,
from units
left join places using (division_code)
order by units.division_code
