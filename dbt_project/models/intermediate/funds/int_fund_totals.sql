-- One row per period, division at any level and kind of fund: issued, allocated, paid and documented inside it.
with moves as (

    select period, division_code, fund_year, source_level, fund_type,
        amount as issued, cast(null as decimal(18, 2)) as allocated, cast(null as decimal(18, 2)) as paid,
        cast(null as decimal(18, 2)) as documented
    from {{ ref('int_fund_receipts') }}

    union all

    select period, division_code, fund_year, source_level, fund_type, null, amount, null, null
    from {{ ref('int_fund_allocations') }}
    where not is_orphan

    union all

    select period, division_code, fund_year, source_level, fund_type, null, null, amount,
        case when documented then amount end
    from {{ ref('int_fund_payments') }}
    where not is_orphan

)

select
    moves.period,
    pairs.ancestor_code as division_code,
    moves.fund_year,
    moves.source_level,
    moves.fund_type,
    coalesce(sum(moves.issued), 0) as issued,
    coalesce(sum(moves.allocated), 0) as allocated,
    coalesce(sum(moves.paid), 0) as paid,
    coalesce(sum(moves.documented), 0) as documented
from moves
inner join {{ ref('int_division_pairs') }} as pairs
    on moves.period = pairs.period and moves.division_code = pairs.division_code
group by moves.period, pairs.ancestor_code, moves.fund_year, moves.source_level, moves.fund_type
