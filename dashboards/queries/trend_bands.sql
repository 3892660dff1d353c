-- One row per target or milestone of a scheme for $indicator that one of $codes is held to, and month it holds in.
with

chosen as (
    select unnest(string_split($codes, ',')) as division_code
),

targets as (
    select distinct
        fact.scheme,
        fact.target as element,
        rule.title,
        'target' as kind,
        fact.period,
        null::date as checkpoint,
        fact.floor,
        fact.target_value,
        fact.stretch,
        rule.operator,
    from marts.fct_target as fact
    inner join chosen using (division_code)
    inner join (
        select distinct on (scheme, target) scheme, target, title, operator
        from marts.dim_target
        order by scheme, target, title
    ) as rule on fact.scheme = rule.scheme and fact.target = rule.target
    where fact.indicator_code = $indicator and fact.period between $first and $last
),

milestones as (
    select distinct
        fact.scheme,
        fact.milestone as element,
        rule.title,
        'milestone' as kind,
        strftime(fact.checkpoint, '%Y-%m') as period,
        fact.checkpoint,
        null as floor,
        fact.threshold as target_value,
        null as stretch,
        rule.operator,
    from marts.fct_milestone as fact
    inner join chosen using (division_code)
    inner join marts.dim_milestone as rule on fact.scheme = rule.scheme and fact.milestone = rule.milestone
    where
        fact.indicator_code = $indicator
        and fact.period between $first and $last
        and strftime(fact.checkpoint, '%Y-%m') between $first and $last
)

select
    rules.*,
    scheme.title as scheme_title,
from (
    from targets
    union all by name
    from milestones
) as rules
inner join marts.dim_scheme as scheme using (scheme)
order by rules.kind desc, rules.scheme, rules.element, rules.period
