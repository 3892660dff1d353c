-- One row per period and project with an allocation: amounts allocated and paid (NULL: no payment), and what its payments and receipts say.
{% set p = parameters() %}
with allocated as (

    select
        period,
        project_id,
        sum(amount) as allocated,
        count(*) filter (where is_east_west) > 0 as has_east_west,
        min(received_on) filter (where is_east_west) as east_west_received_on
    from {{ ref('int_fund_allocations') }}
    where not is_orphan
    group by period, project_id

),

paid as (

    select
        period,
        project_id,
        sum(amount) as paid,
        case
            when count(*) filter (where not documented) > 0 then false
            when count(*) filter (where documented is null) > 0 then null
            else true
        end as all_documented
    from {{ ref('int_fund_payments') }}
    where not is_orphan
    group by period, project_id

),

start_days as (

    select
        received.day,
        due.day as start_due_on
    from {{ source('catalogue', 'workdays') }} as received
    inner join {{ source('catalogue', 'workdays') }} as due
        on due.is_workday and due.workday_number = received.workday_number + {{ p.pair_fund_start_workdays }}

)

select
    allocated.period,
    allocated.project_id,
    allocated.allocated,
    paid.paid,
    case when paid.project_id is null then true else paid.all_documented end as all_documented,
    allocated.has_east_west,
    start_days.start_due_on
from allocated
left join paid on allocated.period = paid.period and allocated.project_id = paid.project_id
left join start_days on allocated.east_west_received_on = start_days.day
