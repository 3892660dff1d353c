-- One row per period and finding about households and persons.
{% set p = parameters() %}
with shared_head_ids as (

    select
        period,
        head_id_number
    from {{ ref('int_households') }}
    group by period, head_id_number
    having count(*) > 1

),

shared_person_hashes as (

    select
        period,
        id_hash
    from {{ ref('int_persons') }}
    where id_hash is not null
    group by period, id_hash
    having count(*) > 1

),

households_not_there as (

    select
        members.period,
        members.household_id
    from {{ ref('int_household_members') }} as members
    left join {{ ref('int_households') }} as households
        on members.period = households.period and members.household_id = households.household_id
    where households.household_id is null

),

-- the few that are named are looked up; equal hashes do not yet mean equal numbers
persons as (

    select
        members.period,
        members.village_code,
        members.person_id,
        members.household_id,
        households.household_id is not null as is_without_household,
        hashes.id_hash is not null
        and count(*) over (partition by members.period, members.id_number) > 1 as is_shared
    from {{ ref('stg_persons') }} as members
    left join shared_person_hashes as hashes
        on members.period = hashes.period and {{ key_hash('members.id_number') }} = hashes.id_hash
    left join households_not_there as households
        on members.period = households.period and members.household_id = households.household_id
    where hashes.id_hash is not null or households.household_id is not null

),

same_incomes as (

    select
        period,
        village_code,
        net_income_per_capita,
        count(*) as households
    from {{ ref('int_households') }}
    where net_income_per_capita is not null
    group by period, village_code, net_income_per_capita
    having count(*) >= {{ p.same_income_households }}

)

select
    period,
    'person_without_household' as code,
    village_code as division_code,
    'person' as entity_type,
    person_id as entity_id,
    '家庭成员台账中的人员 ' || person_id || ' 所属户 ' || household_id || ' 不在农户台账内,请核对户编号' as message
from persons
where is_without_household

union all

select
    households.period,
    'household_size_differs',
    households.village_code,
    'household',
    households.household_id,
    '户 ' || households.household_id || ' 家庭人口 ' || cast(households.member_count as string) || ' 人,成员台账 '
    || cast(households.persons as string) || ' 人,请核对'
from {{ ref('int_households') }} as households
where households.member_count <> households.persons

union all

select
    households.period,
    'shared_id_number',
    households.village_code,
    'household',
    households.household_id,
    '户 ' || households.household_id || ' 的户主证件号码与本期另一户相同,请核实是否一户多报'
from {{ ref('int_households') }} as households
inner join shared_head_ids
    on households.period = shared_head_ids.period and households.head_id_number = shared_head_ids.head_id_number

union all

select
    period,
    'shared_id_number',
    village_code,
    'person',
    person_id,
    '人员 ' || person_id || ' 的证件号码与本期另一人相同,请核实是否一人多报'
from persons
where is_shared

union all

select
    period,
    'key_in_two_places',
    village_code,
    'household',
    household_id,
    '户 ' || household_id || ' 同时出现在多份报表中,按最后收到的一行计算'
from {{ ref('int_households') }}
where copies > 1

union all

select
    period,
    'exited_without_year',
    village_code,
    'household',
    household_id,
    '脱贫户 ' || household_id || ' 未填脱贫年度,请补填'
from {{ ref('int_households') }}
where household_type in ('exited', 'exited_unstable') and exit_year is null

union all

select
    period,
    'should_exit',
    village_code,
    'household',
    household_id,
    '未脱贫户 ' || household_id || ' 各项退出标准均已达到,疑似应退未退'
from {{ ref('int_households') }}
where household_type = 'poor' and exit_standard

union all

select
    period,
    'wrong_exit',
    village_code,
    'household',
    household_id,
    '脱贫户 ' || household_id || ' 有退出标准未达到,疑似错退'
from {{ ref('int_households') }}
where household_type in ('exited', 'exited_unstable') and not exit_standard

union all

select
    period,
    'should_be_monitored',
    village_code,
    'household',
    household_id,
    '一般户 ' || household_id || ' 人均纯收入低于监测线且未纳入监测,疑似应纳未纳'
from {{ ref('int_households') }}
where household_type = 'general' and not monitored and net_income_per_capita < monitoring_line

union all

select
    period,
    'quick_clear',
    village_code,
    'household',
    household_id,
    '监测户 ' || household_id || ' 纳入监测不满 {{ p.quick_clear_days }} 日即消除风险,疑似快进快出'
from {{ ref('int_households') }}
where
    risk_cleared_on <= last_day
    and {{ days_between('monitored_on', 'risk_cleared_on') }} between 0 and {{ p.quick_clear_days }}

union all

select
    period,
    'same_income',
    village_code,
    'village',
    village_code || ':' || cast(net_income_per_capita as string),
    cast(households as string) || ' 户人均纯收入同为 ' || cast(net_income_per_capita as string)
    || ' 元,疑似算账式脱贫,请抽查原始凭据'
from same_incomes
