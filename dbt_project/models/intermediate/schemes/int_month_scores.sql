-- One row per ranking by an indicator or by weighted items, period and unit of its population: the score before rounding
-- (of a percent indicator the percent). A yearly ranking is scored in December.
-- Of a weighted ranking each item counts with its percent, turned round where lower is better; without one item no score.
with units as (

    select
        rankings.scheme,
        rankings.ranking,
        rankings.indicator_code,
        scheme_periods.period,
        divisions.division_code
    from {{ source('catalogue', 'scheme_rankings') }} as rankings
    inner join {{ ref('int_scheme_periods') }} as scheme_periods
        on rankings.scheme = scheme_periods.scheme
        and (rankings.frequency = 'month' or scheme_periods.period_month = 12)
    inner join {{ ref('int_division_pairs') }} as pairs
        on scheme_periods.period = pairs.period and rankings.population_code = pairs.ancestor_code
    inner join {{ ref('int_divisions') }} as divisions
        on scheme_periods.period = divisions.period
        and pairs.division_code = divisions.division_code
        and rankings.unit_level = divisions.level
    where rankings.round is null

),

by_indicator as (

    select
        units.*,
        case indicators.unit
            when '%' then cast(measured.value * 100 as decimal(38, 10))
            else cast(measured.value as decimal(38, 10))
        end as score,
        measured.numerator as score_numerator,
        measured.denominator as score_denominator
    from units
    inner join {{ source('catalogue', 'indicators') }} as indicators on units.indicator_code = indicators.indicator_code
    left join {{ ref('int_indicators') }} as measured
        on units.period = measured.period
        and units.division_code = measured.division_code
        and units.indicator_code = measured.indicator_code

),

by_items as (

    select
        units.scheme,
        units.ranking,
        units.period,
        units.division_code,
        case
            when count(*) = count(measured.value) then cast(
                sum({{ weighed('measured.value', 'indicators.better', 'items.weight') }}) as decimal(38, 10)
            )
        end as score
    from units
    inner join {{ source('catalogue', 'scheme_ranking_items') }} as items
        on units.scheme = items.scheme and units.ranking = items.ranking
    inner join {{ source('catalogue', 'indicators') }} as indicators on items.indicator_code = indicators.indicator_code
    left join {{ ref('int_indicators') }} as measured
        on units.period = measured.period
        and units.division_code = measured.division_code
        and items.indicator_code = measured.indicator_code
    group by units.scheme, units.ranking, units.period, units.division_code

),

scored as (

    select scheme, ranking, period, division_code, score, score_numerator, score_denominator
    from by_indicator

    union all

    select scheme, ranking, period, division_code, score, null, null
    from by_items

)

select
    scheme,
    ranking,
    period as edition_period,
    cast(null as string) as round_code,
    cast(null as string) as inspector,
    division_code,
    score,
    score_numerator,
    score_denominator,
    cast(null as bigint) as announced_units,
    cast(null as bigint) as official_rank,
    true as is_whole
from scored
