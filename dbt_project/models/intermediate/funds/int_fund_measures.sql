-- One row per period and division with receipts, allocations or payments of its own: the sums that fund indicators are
-- made of. Each amount stays with the division its own row names.
with receipts as (

    select
        period,
        division_code,
        sum(amount) filter (where is_this_year) as issued_this_year,
        sum(amount) filter (where is_this_year and is_central_advance) as issued_central_advance,
        sum(amount) filter (where is_this_year and is_linkage) as issued_linkage,
        sum(amount) filter (where is_this_year and is_central_linkage) as issued_central_linkage,
        sum(amount) filter (where is_this_year and is_east_west) as issued_east_west,
        sum(amount) filter (where is_this_year and is_from_above and due_60_on <= last_day) as issued_prompt_due,
        sum(least(allocated_within_60, amount)) filter (
            -- `least` passes over a NULL
            where is_this_year and is_from_above and due_60_on <= last_day and allocated_within_60 is not null
        ) as allocated_promptly,
        sum(amount) filter (where fund_year = period_year - 1) as issued_last_year,
        sum(amount) filter (where fund_year < period_year - 1) as issued_older_years
    from {{ ref('int_receipt_use') }}
    group by period, division_code

),

allocations as (

    select
        allocations.period,
        allocations.division_code,
        sum(allocations.amount) filter (where is_this_year) as allocated_this_year,
        sum(allocations.amount) filter (where is_this_year and is_central_advance) as allocated_central_advance,
        sum(allocations.amount) filter (where is_this_year and is_linkage) as allocated_linkage,
        sum(allocations.amount) filter (where is_this_year and is_east_west) as allocated_east_west,
        sum(allocations.amount) filter (where is_this_year and is_central_linkage and projects.category = 'industry')
            as allocated_to_industry,
        sum(allocations.amount) filter (where projects.is_project_of_year and projects.is_accepted)
            as allocated_accepted_projects,
        sum(allocations.amount) filter (
            where projects.is_project_of_year and projects.work_relief and projects.wages_paid is not null
        ) as allocated_work_relief
    from {{ ref('int_fund_allocations') }} as allocations
    left join (
        select period, project_id, category, is_accepted, work_relief, wages_paid, is_this_year as is_project_of_year
        from {{ ref('int_projects') }}
    ) as projects
        on allocations.period = projects.period and allocations.project_id = projects.project_id
    where not allocations.is_orphan
    group by allocations.period, allocations.division_code

),

payments as (

    select
        payments.period,
        payments.division_code,
        sum(payments.amount) filter (where payments.is_this_year) as paid_this_year,
        sum(payments.amount) filter (where payments.is_this_year and payments.is_linkage) as paid_linkage,
        sum(payments.amount) filter (where payments.is_this_year and payments.documented) as paid_documented,
        sum(payments.amount) filter (where payments.is_this_year and payments.documented is not null)
            as paid_documented_known,
        sum(payments.amount) filter (where payments.fund_year = payments.period_year - 1) as paid_last_year,
        sum(payments.amount) filter (where payments.fund_year < payments.period_year - 1) as paid_older_years,
        sum(payments.amount) filter (where projects.is_this_year and projects.is_accepted) as paid_accepted_projects
    from {{ ref('int_fund_payments') }} as payments
    left join {{ ref('int_projects') }} as projects
        on payments.period = projects.period and payments.project_id = projects.project_id
    where not payments.is_orphan
    group by payments.period, payments.division_code

),

places as (

    select period, division_code from receipts
    union
    select period, division_code from allocations
    union
    select period, division_code from payments

)

select
    places.period,
    places.division_code,
    receipts.* {{ without(['period', 'division_code']) }},
    allocations.* {{ without(['period', 'division_code']) }},
    payments.* {{ without(['period', 'division_code']) }},
    coalesce(receipts.issued_last_year, 0) - coalesce(payments.paid_last_year, 0) as surplus_last_year,
    coalesce(receipts.issued_older_years, 0) - coalesce(payments.paid_older_years, 0) as surplus_older_years
from places
left join receipts on places.period = receipts.period and places.division_code = receipts.division_code
left join allocations on places.period = allocations.period and places.division_code = allocations.division_code
left join payments on places.period = payments.period and places.division_code = payments.division_code
