-- Additive sums of a division's children are at most its own, and equal to them where all rows stand at villages.
with children as (

    select
        indicators.period,
        divisions.parent_code as division_code,
        indicators.indicator_code,
        sum(indicators.numerator) as numerator,
        sum(indicators.denominator) as denominator
    from {{ ref('fct_indicator') }} as indicators
    inner join {{ ref('dim_division') }} as divisions on indicators.division_code = divisions.division_code
    where indicators.period = '{{ var("period") }}' and divisions.parent_code is not null
    group by indicators.period, divisions.parent_code, indicators.indicator_code

)

select parents.*
from {{ ref('fct_indicator') }} as parents
inner join children
    on parents.period = children.period
    and parents.division_code = children.division_code
    and parents.indicator_code = children.indicator_code
inner join {{ ref('dim_indicator') }} as indicators on parents.indicator_code = indicators.indicator_code
where
    indicators.grain = 'village'
    and (parents.numerator <> children.numerator or parents.denominator <> children.denominator)
