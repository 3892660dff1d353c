-- One row per period, division and reported indicator: the value a department reported, a ratio where it gave both halves.
-- Divisions that have since become one add up.
with together as (

    select
        period,
        division_code,
        indicator_code,
        cast(sum(numerator) as decimal(24, 6)) as numerator,
        case when count(*) = count(denominator) then cast(sum(denominator) as decimal(24, 6)) end as denominator
    from {{ ref('stg_reported_statistics') }}
    group by period, division_code, indicator_code

)

select
    period,
    division_code,
    indicator_code,
    case
        when denominator is null then cast(numerator as decimal(38, 12))
        else {{ exact_ratio('numerator', 'denominator') }}
    end as reported_value
from together
