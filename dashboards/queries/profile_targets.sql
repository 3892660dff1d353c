-- One row per target of $division in $period, those not reached first.
select
    scheme.title as scheme_title,
    target.title,
    indicator.unit,
    fact.value,
    fact.floor,
    fact.target_value,
    fact.stretch,
    fact.band,
    fact.state,
from marts.fct_target as fact
inner join marts.dim_division as division on division.division_code = fact.division_code
inner join marts.dim_target as target
    on target.scheme = fact.scheme
    and target.target = fact.target
    and target.level = division.level
    and (target.village_type is null or target.village_type = division.village_type)
inner join marts.dim_scheme as scheme on scheme.scheme = fact.scheme
left join marts.dim_indicator as indicator on indicator.indicator_code = fact.indicator_code
where fact.period = $period and fact.division_code = $division and fact.state <> 'not_applicable'
order by
    coalesce(list_position(['below', 'floor', 'target', 'stretch'], fact.band), 5), scheme.scheme, target.target
limit 200
