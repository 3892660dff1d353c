-- One row per period and finding about loans, village teams and the indicators themselves.
{% set p = parameters() %}
with members_in_two_villages as (

    select
        lake.period,
        lake.member_id
    from {{ source('raw', 'team_attendance') }} as lake
    inner join {{ ref('int_scope_newest') }} as newest
        on lake.submission_id = newest.submission_id
        and lake.village_code = newest.raw_code
        and newest.template = 'team_attendance'
    group by lake.period, lake.member_id
    having count(distinct newest.division_code) > 1

)

-- the loan's own number is personal: the household stands for it
select
    loans.period,
    'ineligible_loan' as code,
    loans.village_code as division_code,
    'household' as entity_type,
    loans.household_id as entity_id,
    '户 ' || loans.household_id || ' 有小额信贷余额,但不符合贷款条件,请核实' as message
from {{ ref('stg_loans') }} as loans
inner join {{ ref('int_households') }} as households
    on loans.period = households.period and loans.household_id = households.household_id
where loans.balance > 0 and not households.loan_eligible
group by loans.period, loans.village_code, loans.household_id

union all

select
    loans.period,
    'overdue_not_reported',
    loans.village_code,
    'household',
    loans.household_id,
    '户 ' || loans.household_id || ' 的贷款已过到期日仍有余额,逾期金额却为 0,请核实'
from {{ ref('stg_loans') }} as loans
inner join {{ ref('stg_periods') }} as periods on loans.period = periods.period
where loans.due_on < periods.last_day and loans.balance > 0 and loans.overdue = 0
group by loans.period, loans.village_code, loans.household_id

union all

select
    attendance.period,
    'member_in_two_villages',
    attendance.village_code,
    'team_member',
    attendance.member_id,
    '队员 ' || attendance.member_id || ' 在两个村都有考勤,按最后收到的一行计算,请核实'
from {{ ref('stg_team_attendance') }} as attendance
inner join members_in_two_villages
    on attendance.period = members_in_two_villages.period
    and attendance.member_id = members_in_two_villages.member_id

union all

select
    indicators.period,
    'numerator_above_denominator',
    indicators.division_code,
    'indicator',
    indicators.indicator_code,
    catalogue.title || '的分子大于分母,请核对有关台账'
from {{ ref('int_indicators') }} as indicators
inner join {{ source('catalogue', 'indicators') }} as catalogue
    on indicators.indicator_code = catalogue.indicator_code
where
    catalogue.unit = '%'
    and catalogue.may_exceed is null
    and indicators.numerator > indicators.denominator
    and indicators.level in ('village', 'township', 'county')

union all

select
    indicators.period,
    'count_jump',
    indicators.division_code,
    'indicator',
    indicators.indicator_code,
    catalogue.title || '由上期 ' || cast(cast(previous.value as decimal(38, 0)) as string) || ' 变为 '
    || cast(cast(indicators.value as decimal(38, 0)) as string) || ',一个月内变化超过一半,请核实'
from {{ ref('int_indicators') }} as indicators
inner join {{ ref('stg_periods') }} as periods on indicators.period = periods.period
inner join {{ ref('int_indicators') }} as previous
    on periods.previous_period = previous.period
    and indicators.division_code = previous.division_code
    and indicators.indicator_code = previous.indicator_code
inner join {{ source('catalogue', 'indicators') }} as catalogue
    on indicators.indicator_code = catalogue.indicator_code
where
    catalogue.unit in ('人', '户')
    and indicators.level = 'village'
    and previous.value > 0
    and abs(indicators.value - previous.value) > {{ p.count_jump_share }} * previous.value
