-- What a province, or the top of a tree, was issued is the sum of all receipts inside it.
with receipts as (

    select
        period,
        sum(amount) as amount
    from {{ ref('fct_fund_receipt') }}
    group by period

),

roots as (

    select
        funds.period,
        sum(funds.issued) as issued
    from {{ ref('fct_fund') }} as funds
    inner join {{ ref('dim_division') }} as divisions on funds.division_code = divisions.division_code
    where divisions.parent_code is null
    group by funds.period

)

select
    receipts.period,
    receipts.amount,
    roots.issued
from receipts
inner join roots on receipts.period = roots.period
where receipts.period = '{{ var("period") }}' and receipts.amount <> roots.issued
