-- One row per limit a scheme in force sets on one of $indicators for $division or the units right below it.
select distinct
    target.indicator_code,
    target.title,
    target.operator,
    coalesce(fact.target_value, fact.floor) as threshold,
    scheme.title as scheme_title,
from marts.fct_target as fact
inner join marts.dim_target as target on target.scheme = fact.scheme and target.target = fact.target
inner join marts.dim_scheme as scheme on scheme.scheme = fact.scheme
inner join marts.dim_division as division on division.division_code = fact.division_code
where fact.period = $period
    and $division in (division.division_code, division.parent_code)
    and list_contains(string_split($indicators, ','), target.indicator_code)
    and threshold is not null
order by target.indicator_code, threshold
