-- One row per period and finding where two departments' ledgers speak of one thing and do not agree.
select
    villages.period,
    'unsafe_house_in_finished_village' as code,
    villages.village_code as division_code,
    'village' as entity_type,
    villages.village_code as entity_id,
    '村情监测表报危房改造已完成,农户台账仍有 ' || cast(households.housing_fail_households as string) || ' 户住房未达标' as message
from {{ ref('int_villages') }} as villages
inner join {{ ref('int_household_measures') }} as households
    on villages.period = households.period and villages.village_code = households.division_code
where villages.housing_done and households.housing_fail_households > 0

union all

select
    villages.period,
    'registered_above_population',
    villages.village_code,
    'village',
    villages.village_code,
    '建档立卡人口 ' || cast(households.registered_members as string) || ' 人,超过乡村人口 '
    || cast(villages.rural_population as string) || ' 人'
from {{ ref('int_villages') }} as villages
inner join {{ ref('int_household_measures') }} as households
    on villages.period = households.period and villages.village_code = households.division_code
where households.registered_members > villages.rural_population

union all

select
    attendance.period,
    'team_unit_not_supporting',
    attendance.village_code,
    'team_member',
    attendance.member_id,
    '队员 ' || attendance.member_id || ' 的派出单位“' || attendance.unit || '”不是该村的包村单位'
from {{ ref('stg_team_attendance') }} as attendance
inner join {{ ref('int_division_covers') }} as covers
    on attendance.period = covers.period
    and attendance.village_code = covers.division_code
    and covers.covers_support_units
left join {{ ref('stg_support_units') }} as units
    on attendance.period = units.period
    and attendance.village_code = units.village_code
    and attendance.unit = units.unit
where units.unit is null

union all

select
    units.period,
    'support_unit_without_team',
    units.village_code,
    'support_unit',
    units.unit,
    '包村单位“' || units.unit || '”当月在该村没有队员考勤'
from {{ ref('stg_support_units') }} as units
inner join {{ ref('int_division_covers') }} as covers
    on units.period = covers.period
    and units.village_code = covers.division_code
    and covers.covers_team_attendance
left join {{ ref('stg_team_attendance') }} as attendance
    on units.period = attendance.period
    and units.village_code = attendance.village_code
    and units.unit = attendance.unit
where attendance.member_id is null

union all

select
    allocations.period,
    'allocation_to_unknown_project',
    allocations.division_code,
    'allocation',
    allocations.allocation_id,
    '安排 ' || allocations.allocation_id || ' 的项目编号 ' || allocations.project_id || ' 不在当月项目库内'
from {{ ref('int_fund_allocations') }} as allocations
inner join {{ ref('int_division_covers') }} as covers
    on allocations.period = covers.period
    and allocations.division_code = covers.division_code
    and covers.covers_projects
left join {{ ref('int_projects') }} as projects
    on allocations.period = projects.period and allocations.project_id = projects.project_id
where projects.project_id is null and allocations.is_this_year

union all

select distinct
    loans.period,
    'loan_without_household',
    loans.village_code,
    'household',
    loans.household_id,
    '小额信贷台账的户 ' || loans.household_id || ' 不在农户台账内'
from {{ ref('stg_loans') }} as loans
inner join {{ ref('int_division_covers') }} as covers
    on loans.period = covers.period
    and loans.village_code = covers.division_code
    and covers.covers_households
left join {{ ref('int_households') }} as households
    on loans.period = households.period and loans.household_id = households.household_id
where households.household_id is null
