-- Additive sums of a division's children are at most its own, and equal to them where all rows stand at villages.
with children as (

    select
        divisions.parent_code as division_code,
        indicators.indicator_code,
        sum(indicators.numerator) as numerator,
        sum(indicators.denominator) as denominator
    from {{ ref('fct_indicator') }} as indicators
    inner join {{ ref('dim_indicator') }} as kinds
        on indicators.indicator_code = kinds.indicator_code and kinds.grain = 'village'
    inner join {{ ref('dim_division') }} as divisions on indicators.division_code = divisions.division_code
    where indicators.period = '{{ var("period") }}' and divisions.parent_code is not null
    group by divisions.parent_code, indicators.indicator_code

)

select parents.*
from children
inner join {{ ref('fct_indicator') }} as parents
    on children.division_code = parents.division_code and children.indicator_code = parents.indicator_code
where
    parents.period = '{{ var("period") }}'
    and (parents.numerator <> children.numerator or parents.denominator <> children.denominator)
