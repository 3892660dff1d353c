-- One row per period and signal of made-up data. A signal accuses nobody: it says where to look first.
{% set p = parameters() %}
with previous as (

    -- joined by month first: where nothing is kept of the month before, nothing is looked up
    select
        periods.period,
        incomes.household_id,
        incomes.net_income
    from {{ ref('stg_periods') }} as periods
    inner join {{ ref('int_household_incomes') }} as incomes on periods.previous_period = incomes.period

),

incomes as (

    select
        households.period,
        households.village_code,
        households.household_id,
        households.net_income_per_capita as income,
        standards.income_line,
        previous.net_income as previous_net_income,
        households.net_income
    from {{ ref('int_households') }} as households
    left join {{ ref('int_division_standards') }} as standards
        on households.period = standards.period and households.village_code = standards.division_code
    left join previous
        on households.period = previous.period and households.household_id = previous.household_id
    where households.registered and households.net_income_per_capita is not null

),

villages as (

    select
        period,
        village_code,
        count(*) as households,
        count(*) filter (
            where income >= income_line and income < income_line * (1 + {{ p.heaping_band }})
        ) as heaped,
        count(*) filter (where {{ whole_yuan('income') }} % 5 = 0) as round_digits,
        count(previous_net_income) as held_against,
        count(*) filter (where net_income = previous_net_income) as unchanged
    from incomes
    group by period, village_code

),

paid as (

    select
        payments.effective_from as period,
        payments.division_code,
        count(*) as payments,
        sum(payments.amount) as amount,
        sum(payments.amount) filter (
            where {{ days_between('payments.paid_on', 'periods.last_day') }} < {{ p.month_end_days }}
        ) as late_amount
    from {{ ref('stg_fund_payments') }} as payments
    inner join {{ ref('stg_periods') }} as periods
        on payments.effective_from = periods.period and {{ counts_at('payments', 'periods') }}
    where payments.amount > 0 and {{ month_of('payments.paid_on') }} = payments.effective_from
    group by payments.effective_from, payments.division_code

)

select
    period,
    'heaped_on_income_line' as code,
    village_code as division_code,
    'village' as entity_type,
    village_code as entity_id,
    cast(households as string) || ' 户建档立卡户中 ' || cast(heaped as string)
    || ' 户人均纯收入刚刚越过收入标准,请抽查收入凭据' as message
from villages
where households >= {{ p.signal_households }} and heaped >= {{ p.heaping_share }} * households

union all

select
    period,
    'sheet_copied',
    village_code,
    'village',
    village_code,
    cast(unchanged as string) || ' 户的收入与上月逐户相同,疑似照抄上月台账'
from villages
where held_against >= {{ p.signal_households }} and unchanged = held_against

union all

select
    period,
    'digit_preference',
    village_code,
    'village',
    village_code,
    cast(households as string) || ' 户中 ' || cast(round_digits as string) || ' 户人均纯收入尾数为 0 或 5,疑似估填'
from villages
where households >= {{ p.signal_households }} and round_digits >= {{ p.digit_share }} * households

union all

select
    period,
    'month_end_payments',
    division_code,
    'division',
    division_code,
    '当月 ' || cast(payments as string) || ' 笔支付中,金额的 '
    || cast(cast(floor(late_amount * 100 / amount) as integer) as string) || '% 集中在月末 {{ p.month_end_days }} 日'
from paid
where payments >= {{ p.month_end_payments }} and late_amount >= {{ p.month_end_share }} * amount
