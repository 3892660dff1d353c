-- One row per period, division at any level and kind of fund. What no submission speaks of is NULL, not 0.
select
    totals.period,
    totals.division_code,
    divisions.level,
    totals.fund_year,
    totals.source_level,
    totals.fund_type,
    totals.issued,
    case when covered.has_allocations then totals.allocated end as allocated,
    case when covered.has_payments then totals.paid end as paid,
    case when covered.has_payments then totals.documented end as documented,
    case when covered.has_payments then totals.issued - totals.paid end as surplus
from {{ ref('int_fund_totals') }} as totals
inner join {{ ref('int_fund_covers') }} as covered
    on totals.period = covered.period and totals.division_code = covered.division_code
inner join {{ ref('int_divisions') }} as divisions
    on totals.period = divisions.period and totals.division_code = divisions.division_code
