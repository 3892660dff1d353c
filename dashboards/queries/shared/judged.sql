-- One row per milestone or target and unit inside $prefix in $period: at which light it stands.
select
    1 as part,
    fact.division_code,
    milestone.title,
    strftime(fact.checkpoint, '%-m月%-d日 · ') || scheme.title as note,
    strftime(fact.checkpoint, '%m-%d') as position,
    case fact.state
        when 'met' then 'good'
        when 'pending_benchmark' then 'warn'
        when 'missed' then 'bad'
        when 'not_due' then 'info'
        else 'idle'
    end as light,
from marts.fct_milestone as fact
inner join marts.dim_milestone as milestone on milestone.scheme = fact.scheme and milestone.milestone = fact.milestone
inner join marts.dim_scheme as scheme on scheme.scheme = fact.scheme
where fact.period = $period and fact.division_code between $prefix and $prefix || 'x'

union all by name

select
    2 as part,
    fact.division_code,
    target.title,
    scheme.title as note,
    fact.target as position,
    case
        when fact.band in ('stretch', 'target') then 'good'
        when fact.band = 'floor' then 'warn'
        when fact.band = 'below' then 'bad'
        when fact.state = 'not_due' then 'info'
        else 'idle'
    end as light,
from marts.fct_target as fact
inner join marts.dim_division as division on division.division_code = fact.division_code
-- a target may differ by level and by class of village
inner join marts.dim_target as target
    on target.scheme = fact.scheme
    and target.target = fact.target
    and target.level = division.level
    and (target.village_type is null or target.village_type = division.village_type)
inner join marts.dim_scheme as scheme on scheme.scheme = fact.scheme
where fact.period = $period and fact.division_code between $prefix and $prefix || 'x'
