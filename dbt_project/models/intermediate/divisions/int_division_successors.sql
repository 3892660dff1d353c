{{ config(meta={'months': 'same'}) }}
-- One row per division code that ended and has exactly one successor at the edition's period; chains of changes followed.
with at_edition as (

    select divisions.*
    from {{ ref('stg_divisions') }} as divisions
    inner join {{ ref('stg_periods') }} as periods
        on divisions.period = periods.period and periods.is_edition_period

),

successors as (

    select
        predecessor_code,
        min(division_code) as successor_code
    from at_edition
    where
        is_valid
        and predecessor_code is not null
        and predecessor_code not in (select living.division_code from at_edition as living where living.is_valid)
    group by predecessor_code
    having count(*) = 1

)

select
    first_change.predecessor_code as division_code,
    coalesce(third_change.successor_code, second_change.successor_code, first_change.successor_code) as successor_code
from successors as first_change
left join successors as second_change on first_change.successor_code = second_change.predecessor_code
left join successors as third_change on second_change.successor_code = third_change.predecessor_code
