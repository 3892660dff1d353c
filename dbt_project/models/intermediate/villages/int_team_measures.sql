-- One row per period and village: members of the village team, days kept, and whether the village has enough of them.
{% set p = parameters() %}
with members as (

    select
        period,
        village_code as division_code,
        count(*) as team_members,
        count(*) filter (where days >= {{ p.attendance_days }}) as attending_team_members
    from {{ ref('stg_team_attendance') }}
    group by period, village_code

),

due as (

    select
        villages.period,
        villages.division_code,
        case
            when villages.village_type in ('poor', 'deeply_poor') then {{ p.team_size_poor }}
            when villages.village_type = 'non_poor' and households.registered_members > {{ p.team_registered_persons }}
                then {{ p.team_size_non_poor }}
        end as members_due
    from {{ ref('int_divisions') }} as villages
    left join {{ ref('int_household_measures') }} as households
        on villages.period = households.period and villages.division_code = households.division_code
    where villages.level = 'village'

)

select
    due.period,
    due.division_code,
    members.team_members,
    members.attending_team_members,
    case when coalesce(members.team_members, 0) >= due.members_due then 1 else 0 end as staffed_villages,
    case when due.members_due is not null then 1 else 0 end as team_due_villages
from due
left join members on due.period = members.period and due.division_code = members.division_code
where due.members_due is not null or members.team_members is not null
