-- One row per payment out of $receipt_id (of $allocation_id, or of all) up to $period, in order of time; a refund is negative.
select
    payment.payment_id,
    payment.paid_on,
    payment.payment_type,
    payment.amount,
    payment.documented,
    payment.allocation_id,
    payment.project_id,
    coalesce(project.name, payment.project_id) as project_name,
    division.name as division_name,
    payment.amount < 0 as is_refund,
from marts.fct_fund_payment as payment
left join marts.fct_project as project
    on project.project_id = payment.project_id and project.period = payment.period
left join marts.dim_division as division on division.division_code = payment.division_code
where payment.period = $period
    and payment.receipt_id = $receipt_id
    and ($allocation_id is null or payment.allocation_id = $allocation_id)
order by payment.paid_on, payment.payment_id
limit 10000
