-- One row per ranking by an indicator, month and unit of its population: the score to the scheme's decimals (of a percent
-- indicator the percent).
select
    rankings.scheme,
    rankings.ranking,
    scheme_periods.period as edition_period,
    cast(null as varchar) as round_code,
    cast(null as varchar) as inspector,
    divisions.division_code,
    case indicators.unit
        when '%' then round(values.value * 100, 2)
        else round(values.value, 2)
    end as score,
    values.numerator as score_numerator,
    values.denominator as score_denominator,
    cast(null as bigint) as announced_units,
    cast(null as bigint) as official_rank,
    true as is_whole
from {{ source('catalogue', 'scheme_rankings') }} as rankings
inner join {{ ref('int_scheme_periods') }} as scheme_periods on rankings.scheme = scheme_periods.scheme
inner join {{ source('catalogue', 'indicators') }} as indicators
    on rankings.indicator_code = indicators.indicator_code
inner join {{ ref('int_division_pairs') }} as pairs
    on scheme_periods.period = pairs.period and rankings.population_code = pairs.ancestor_code
inner join {{ ref('int_divisions') }} as divisions
    on scheme_periods.period = divisions.period
    and pairs.division_code = divisions.division_code
    and rankings.unit_level = divisions.level
left join {{ ref('int_indicators') }} as values
    on scheme_periods.period = values.period
    and divisions.division_code = values.division_code
    and rankings.indicator_code = values.indicator_code
where rankings.frequency = 'month'
