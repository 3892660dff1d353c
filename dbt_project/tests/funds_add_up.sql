-- What a province, or the top of a tree, was issued is the sum of all receipts inside it; a division that has ended without
-- a successor is in no tree, and its receipts add up nowhere.
with receipts as (

    select
        issued.period,
        sum(issued.amount) as amount
    from {{ ref('fct_fund_receipt') }} as issued
    inner join {{ ref('int_divisions') }} as divisions
        on issued.period = divisions.period and issued.division_code = divisions.division_code
    group by issued.period

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
