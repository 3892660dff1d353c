-- One row per fund document issued to a unit inside $prefix, up to $period.
select
    receipt.receipt_id,
    receipt.document_no,
    division.name,
    receipt.fund_year,
    receipt.source_level,
    receipt.fund_type,
    receipt.advance,
    receipt.issued_on,
    receipt.amount,
    receipt.allocated,
    receipt.allocated_within_60,
    receipt.paid,
    receipt.due_60_on,
    receipt.sixty_day_state,
    'missing' as receipt_state,
    case
        when receipt.sixty_day_state = 'running'
            then date_diff('day', last_day(strptime($period || '-01', '%Y-%m-%d')::date), receipt.due_60_on)
    end as days_left,
from marts.fct_fund_receipt as receipt
left join marts.dim_division as division using (division_code)
where receipt.period = $period
    and receipt.fund_year = $fund_year
    and receipt.division_code between $prefix and $prefix || 'x'
    and ($source_level is null or receipt.source_level = $source_level)
    and ($fund_type is null or receipt.fund_type = $fund_type)
order by receipt.issued_on, receipt.receipt_id
