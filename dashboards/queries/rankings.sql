-- One row per ranking that has results, those ranked last up to $period first.
with ranked as (
    select
        scheme,
        ranking,
        max(edition_period) filter (where edition_period <= $period) as newest_period,
    from marts.fct_ranking
    group by scheme, ranking
)

select
    ranked.scheme,
    scheme.title as scheme_title,
    ranked.ranking,
    ranking.title,
    ranking.unit_level,
    ranking.decimals,
    ranking.first_places,
    ranking.last_places,
    coalesce(indicator.title, '综合得分') as score_title,
    coalesce(indicator.unit, '分') as score_unit,
    ranked.newest_period,
from ranked
inner join marts.dim_scheme as scheme on scheme.scheme = ranked.scheme
inner join marts.dim_ranking as ranking on ranking.scheme = ranked.scheme and ranking.ranking = ranked.ranking
left join marts.dim_indicator as indicator on indicator.indicator_code = ranking.indicator_code
order by ranked.newest_period desc nulls last, ranked.scheme, ranked.ranking desc
