-- One row per action of $period with the clause it rests on.
select
    fact.scheme,
    scheme.title as scheme_title,
    ranking.title as ranking_title,
    division.name,
    fact.division_code,
    fact.score,
    fact.rank,
    fact.rank_from_bottom,
    fact.object,
    fact.object_title,
    fact.kind,
    fact.title as action_title,
    fact.amount,
    fact.state,
    fact.kind || ':' || fact.state as kind_state,
    fact.reason,
    fact.absorbed_by,
    coalesce(absorber.title, fact.absorbed_by) as absorber_title,
    fact.clause_id,
    clause.title as clause_title,
    clause.quote,
    clause.source,
from marts.fct_action as fact
left join marts.dim_scheme as scheme on scheme.scheme = fact.scheme
left join marts.dim_ranking as ranking on ranking.scheme = fact.scheme and ranking.ranking = fact.ranking
left join marts.dim_division as division on division.division_code = fact.division_code
left join marts.dim_scheme_clause as clause on clause.clause_id = fact.clause_id
left join marts.dim_scheme_clause as absorber on absorber.clause_id = fact.absorbed_by
where fact.edition_period = $period
order by fact.scheme, fact.ranking, fact.rank nulls last, fact.division_code, fact.object, fact.kind
