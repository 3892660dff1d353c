-- One row per ranking, edition period, unit with a score or a rank, and item: what the score is made of. Of an indicator the
-- numerator and the denominator; of weighted items each with its weight; of a round its 综合得分, and beside it the month's
-- sampled rates of the unit, which carry no weight because no document publishes how they enter the score.
with units as (

    select
        rankings.*,
        definitions.indicator_code,
        indicators.title as indicator_title,
        indicators.unit as indicator_unit,
        indicators.grain as indicator_grain,
        indicators.numerator_zh,
        indicators.denominator_zh,
        {{ counted_in('indicators') }} as amount_unit
    from {{ ref('int_rankings') }} as rankings
    inner join {{ source('catalogue', 'scheme_rankings') }} as definitions
        on rankings.scheme = definitions.scheme and rankings.ranking = definitions.ranking
    left join {{ source('catalogue', 'indicators') }} as indicators
        on definitions.indicator_code = indicators.indicator_code
    where rankings.state <> 'not_assessed'

),

scores as (

    select
        *,
        'score' as item,
        coalesce(indicator_title, case when round_code is null then '加权得分' else '综合得分' end) as title,
        score as value,
        score_numerator as numerator,
        score_denominator as denominator,
        coalesce(indicator_unit, '分') as unit,
        cast(100 as decimal(9, 4)) as weight,
        cast(score as decimal(38, 10)) as contribution,
        amount_unit as numerator_unit,
        false as movable
    from units
    where score is not null

),

-- what was sampled cannot be moved afterwards; what was issued to a unit is not the unit's to move
numerators as (

    select
        *,
        'numerator' as item,
        numerator_zh as title,
        score_numerator as value,
        cast(null as decimal(38, 10)) as numerator,
        cast(null as decimal(38, 10)) as denominator,
        amount_unit as unit,
        cast(null as decimal(9, 4)) as weight,
        cast(null as decimal(38, 10)) as contribution,
        cast(null as string) as numerator_unit,
        indicator_grain <> 'inspection' as movable
    from units
    where score_numerator is not null

),

denominators as (

    select
        *,
        'denominator' as item,
        denominator_zh as title,
        score_denominator as value,
        cast(null as decimal(38, 10)) as numerator,
        cast(null as decimal(38, 10)) as denominator,
        amount_unit as unit,
        cast(null as decimal(9, 4)) as weight,
        cast(null as decimal(38, 10)) as contribution,
        cast(null as string) as numerator_unit,
        false as movable
    from units
    where score_denominator is not null

),

weighted as (

    select
        units.*,
        items.indicator_code as item,
        indicators.title,
        values.value,
        values.numerator,
        values.denominator,
        indicators.unit,
        cast(items.weight as decimal(9, 4)) as weight,
        {{ weighed('values.value', 'indicators.better', 'items.weight') }} as contribution,
        {{ counted_in('indicators') }} as numerator_unit,
        indicators.grain <> 'inspection' and values.denominator is not null as movable
    from units
    inner join {{ source('catalogue', 'scheme_ranking_items') }} as items
        on units.scheme = items.scheme and units.ranking = items.ranking
    left join {{ ref('int_indicators') }} as values
        on units.edition_period = values.period
        and units.division_code = values.division_code
        and items.indicator_code = values.indicator_code
    inner join {{ source('catalogue', 'indicators') }} as indicators
        on items.indicator_code = indicators.indicator_code

),

samples as (

    select
        units.*,
        values.indicator_code as item,
        indicators.title,
        values.value,
        values.numerator,
        values.denominator,
        indicators.unit,
        cast(null as decimal(9, 4)) as weight,
        cast(null as decimal(38, 10)) as contribution,
        cast(null as string) as numerator_unit,
        false as movable
    from units
    inner join {{ ref('int_indicators') }} as values
        on units.edition_period = values.period and units.division_code = values.division_code
    inner join {{ source('catalogue', 'indicators') }} as indicators
        on values.indicator_code = indicators.indicator_code and indicators.grain = 'inspection'
    where units.round_code is not null and values.value is not null

)

{% for relation in ['scores', 'numerators', 'denominators', 'weighted', 'samples'] -%}
select
    scheme,
    ranking,
    edition_period,
    class,
    division_code,
    item,
    title,
    cast(value as decimal(38, 12)) as value,
    numerator,
    denominator,
    unit,
    weight,
    cast(contribution as decimal(38, 10)) as contribution,
    numerator_unit,
    movable
from {{ relation }}
{{ "union all" if not loop.last }}
{% endfor %}
