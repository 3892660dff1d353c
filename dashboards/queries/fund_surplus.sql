-- One row per fund document of years before that of $period inside $prefix with money not paid out; to be recalled first.
select
    receipt.receipt_id,
    coalesce(receipt.document_no, receipt.receipt_id) as document_no,
    division.name as division_name,
    receipt.fund_year,
    receipt.source_level,
    receipt.fund_type,
    receipt.amount,
    receipt.allocated,
    receipt.paid,
    receipt.amount - receipt.paid as unpaid,
    case when receipt.fund_year < left($period, 4)::integer - 1 then 'recallable' else 'carried' end as surplus_state,
from marts.fct_fund_receipt as receipt
left join marts.dim_division as division using (division_code)
where receipt.period = $period
    and receipt.division_code between $prefix and $prefix || 'x'
    and receipt.fund_year < left($period, 4)::integer
    and receipt.amount > receipt.paid
order by receipt.fund_year, unpaid desc, receipt.receipt_id
limit 10000
