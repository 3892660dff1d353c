-- One row per ranking that has results, those ranked last up to $period first.
select
    fact.scheme,
    scheme.title as scheme_title,
    fact.ranking,
    ranking.title,
    ranking.unit_level,
    ranking.decimals,
    ranking.first_places,
    ranking.last_places,
    coalesce(indicator.title, '综合得分') as score_title,
    coalesce(indicator.unit, '分') as score_unit,
    max(fact.edition_period) filter (where fact.edition_period <= $period) as newest_period,
from marts.fct_ranking as fact
inner join marts.dim_scheme as scheme on scheme.scheme = fact.scheme
inner join marts.dim_ranking as ranking on ranking.scheme = fact.scheme and ranking.ranking = fact.ranking
left join marts.dim_indicator as indicator on indicator.indicator_code = ranking.indicator_code
group by all
order by newest_period desc nulls last, fact.scheme, fact.ranking desc
