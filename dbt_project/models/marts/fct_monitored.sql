-- One row per period, division from township up, type of household and kind of risk: households under monitoring and those
-- taken in by then. Villages are left out: there a count of one would tell a household's illness.
with households as (

    select
        period,
        village_code,
        household_type,
        coalesce(risk_type, 'not_stated') as risk_type,
        member_count,
        monitored,
        coalesce(risk_cleared_on <= last_day, false) as is_cleared
    from {{ ref('int_households') }}
    where monitored_on <= last_day

)

select
    households.period,
    pairs.ancestor_code as division_code,
    divisions.level,
    households.household_type,
    households.risk_type,
    count(*) as taken_in,
    count(*) filter (where households.monitored) as monitored,
    cast(coalesce(sum(households.member_count) filter (where households.monitored), 0) as bigint) as monitored_members,
    count(*) filter (where households.is_cleared) as cleared
from households
inner join {{ ref('int_division_pairs') }} as pairs
    on households.period = pairs.period and households.village_code = pairs.division_code
inner join {{ ref('int_divisions') }} as divisions
    on households.period = divisions.period and pairs.ancestor_code = divisions.division_code
where divisions.level <> 'village'
group by households.period, pairs.ancestor_code, divisions.level, households.household_type, households.risk_type
