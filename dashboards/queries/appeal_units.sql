-- One row per unit and ranking of $period: what an appeal can be about. Only units inside the divisions $own
-- (comma-separated; NULL: all), and with $words in their name or at the start of their code.
-- One more than $most at most: of the first rankings that have so many, where no words are given.
with looked_at as (
    select scheme, ranking
    from marts.fct_ranking
    where edition_period = $period
    group by scheme, ranking
    qualify $words <> '' or $own is not null or sum(count(*)) over (order by scheme, ranking) - count(*) <= $most
)

select
    fact.scheme,
    fact.ranking,
    ranking.title as ranking_title,
    fact.division_code,
    coalesce(division.name, fact.division_code) as name,
    fact.class,
    fact.score,
    fact.rank,
    fact.state,
    fact.round_code,
from marts.fct_ranking as fact
inner join marts.dim_ranking as ranking on ranking.scheme = fact.scheme and ranking.ranking = fact.ranking
semi join looked_at on looked_at.scheme = fact.scheme and looked_at.ranking = fact.ranking
left join marts.dim_division as division using (division_code)
where fact.edition_period = $period
    and (
        $own is null
        or list_has_any(
            [
                fact.division_code, division.province_code, division.prefecture_code, division.county_code,
                division.township_code
            ],
            string_split($own, ',')
        )
    )
    and (contains(coalesce(division.name, ''), $words) or starts_with(fact.division_code, $words))
order by fact.scheme, fact.ranking, fact.rank nulls last, fact.division_code
limit $most + 1
