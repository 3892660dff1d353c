-- One row per period and division: whether an allocation or payment ledger speaks for it, or for a division inside it.
select
    covers.period,
    pairs.ancestor_code as division_code,
    count(*) filter (where covers.covers_fund_allocations) > 0 as has_allocations,
    count(*) filter (where covers.covers_fund_payments) > 0 as has_payments
from {{ ref('int_division_covers') }} as covers
inner join {{ ref('int_division_pairs') }} as pairs
    on covers.period = pairs.period and covers.division_code = pairs.division_code
group by covers.period, pairs.ancestor_code
