-- One row per clause of a scheme that uses $indicator, and how it uses it.
with

uses as (
    select clause_id, '目标' as kind, title from marts.dim_target where indicator_code = $indicator
    union
    select clause_id, '节点', title from marts.dim_milestone where indicator_code = $indicator
    union
    select clause_id, '排名', title from marts.dim_ranking where indicator_code = $indicator
    union
    select clause_id, '公布的数字', title from marts.dim_figure where indicator_code = $indicator
    union
    select clause_id, '指标', null
    from marts.dim_scheme_clause
    where regexp_matches(element, '(^|[ ,;])' || $indicator || '($|[^a-z0-9_])')
)

select
    clause.clause_id,
    scheme.title as scheme_title,
    clause.scheme,
    clause.quote,
    clause.source,
    string_agg(distinct uses.kind, '、' order by uses.kind) as kinds,
    string_agg(distinct uses.title, ';' order by uses.title) as titles,
from uses
inner join marts.dim_scheme_clause as clause using (clause_id)
inner join marts.dim_scheme as scheme using (scheme)
group by all
order by scheme.title, clause.clause_id
