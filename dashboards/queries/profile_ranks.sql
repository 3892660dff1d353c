-- One row per ranking and period up to $period in which $division stands, oldest first.
select
    fact.scheme,
    scheme.title as scheme_title,
    fact.ranking,
    ranking.title as ranking_title,
    -- rounds of one scheme are one line through time
    case when fact.round_code is null then fact.ranking else 'rounds' end as series,
    case when fact.round_code is null then ranking.title else '历次考核' end as series_title,
    coalesce(ranking.decimals, 2) as decimals,
    coalesce(indicator.unit, '分') as score_unit,
    fact.edition_period,
    fact.class,
    fact.score,
    fact.state,
    fact.rank,
    fact.rank_from_bottom,
    fact.ranked_units,
    fact.previous_rank,
    fact.rank_change,
    fact.gap_to_next,
from marts.fct_ranking as fact
inner join marts.dim_ranking as ranking on ranking.scheme = fact.scheme and ranking.ranking = fact.ranking
left join marts.dim_scheme as scheme on scheme.scheme = fact.scheme
left join marts.dim_indicator as indicator on indicator.indicator_code = ranking.indicator_code
where fact.division_code = $division and fact.edition_period <= $period
order by fact.edition_period, fact.scheme, fact.ranking, fact.class
