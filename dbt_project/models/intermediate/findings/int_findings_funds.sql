-- One row per period and finding about projects and funds.
{% set p = parameters() %}
with filed as (

    select
        lake.payment_id,
        newest.period as file_period,
        sum(count(*)) over (partition by lake.payment_id order by newest.period) as copies
    from {{ source('raw', 'fund_payments') }} as lake
    inner join {{ ref('int_scope_newest') }} as newest
        on lake.submission_id = newest.submission_id
        and lake.division_code = newest.raw_code
        and newest.template = 'fund_payments'
    group by lake.payment_id, newest.period

)

select
    period,
    'orphan_allocation' as code,
    division_code,
    'allocation' as entity_type,
    allocation_id as entity_id,
    '安排 ' || allocation_id || ' 的指标编号 ' || receipt_id || ' 不在资金下达台账内,未计入,请核对' as message
from {{ ref('int_fund_allocations') }}
where is_orphan

union all

select
    period,
    'orphan_payment',
    division_code,
    'payment',
    payment_id,
    '支付 ' || payment_id || ' 的安排编号 ' || allocation_id || ' 不在资金安排台账内或其指标未下达,未计入,请核对'
from {{ ref('int_fund_payments') }}
where is_orphan

union all

select
    period,
    'allocated_above_receipt',
    division_code,
    'receipt',
    receipt_id,
    '指标 ' || receipt_id || ' 已安排 ' || cast(allocated as string) || ' 元,超过下达 ' || cast(amount as string) || ' 元'
from {{ ref('int_receipt_use') }}
where allocated > amount

union all

select
    period,
    'paid_above_allocation',
    division_code,
    'allocation',
    allocation_id,
    '安排 ' || allocation_id || ' 已支付 ' || cast(paid as string) || ' 元,超过安排 ' || cast(amount as string) || ' 元'
from {{ ref('int_allocation_use') }}
where paid > amount

union all

select
    period,
    'paid_ahead_of_progress',
    division_code,
    'project',
    project_id,
    '项目 ' || project_id || ' 未开工,已支付 ' || cast(paid as string) || ' 元,超过安排的三成,疑似超进度拨付'
from {{ ref('int_projects') }}
where not is_started and paid > {{ p.progress_payment_margin }} * allocated and paid > 0

union all

select
    period,
    'accepted_before_finished',
    division_code,
    'project',
    project_id,
    '项目 ' || project_id || ' 验收日期早于竣工日期或尚未竣工,请核对'
from {{ ref('int_projects') }}
where accepted_on is not null and (finished_on is null or accepted_on < finished_on)

union all

select
    period,
    'project_not_allocated',
    division_code,
    'project',
    project_id,
    '项目 ' || project_id || ' 在项目库内,尚无资金安排'
from {{ ref('int_projects') }}
where not is_allocated and allocated is not null

union all

-- in the month of a file that brings a payment again: what is known of a month never depends on files of later ones
select
    filed.file_period,
    'key_in_two_places',
    payments.division_code,
    'payment',
    payments.payment_id,
    '支付 ' || payments.payment_id || ' 出现在多份报表中,按最后收到的一行计算'
from filed
inner join {{ ref('int_fund_payments') }} as payments
    on filed.file_period = payments.period and filed.payment_id = payments.payment_id
where filed.copies > 1
