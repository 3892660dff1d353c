-- One row per period and division above the village with a round by then: the error rates of the latest round inside it.
with rounds as (

    select
        periods.period,
        pairs.ancestor_code as division_code,
        inspections.round_code,
        max(inspections.file_period) as file_period,
        max(inspections.inspected_on) as inspected_on,
        sum(inspections.wrong_exits) filter (where inspections.exited_sampled is not null) as wrong_exits,
        sum(inspections.exited_sampled) filter (where inspections.wrong_exits is not null) as exited_sampled,
        sum(inspections.missed) filter (where inspections.unregistered_sampled is not null) as missed_persons,
        sum(inspections.unregistered_sampled) filter (where inspections.missed is not null) as unregistered_sampled
    from {{ ref('stg_inspections') }} as inspections
    inner join {{ ref('stg_periods') }} as periods on {{ counts_at('inspections', 'periods') }}
    inner join {{ ref('int_division_pairs') }} as pairs
        on periods.period = pairs.period and inspections.division_code = pairs.division_code
    group by periods.period, pairs.ancestor_code, inspections.round_code

),

ranked as (

    select
        *,
        row_number() over (
            partition by period, division_code order by file_period desc, inspected_on desc, round_code desc
        ) as place
    from rounds

)

select
    period,
    division_code,
    round_code,
    wrong_exits,
    exited_sampled,
    missed_persons,
    unregistered_sampled
from ranked
where place = 1
