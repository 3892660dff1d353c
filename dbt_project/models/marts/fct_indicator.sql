-- One row per period, division and indicator.
with indicators as (

    select
        period,
        division_code,
        level,
        indicator_code,
        numerator,
        denominator,
        value,
        coverage,
        state
    from {{ ref('int_indicators') }}

    union all

    select
        period,
        division_code,
        level,
        indicator_code,
        cast(null as decimal(38, 10)),
        cast(null as decimal(38, 10)),
        cast(null as decimal(38, 12)),
        cast(0 as decimal(38, 12)),
        'missing'
    from {{ ref('int_indicator_gaps') }}

),

{% for column in ['previous', 'year_ago'] -%}
-- what was known in the month a month looks back to
{{ column }} as (

    select
        periods.period,
        measured.division_code,
        measured.indicator_code,
        measured.value
    from {{ ref('stg_periods') }} as periods
    inner join {{ ref('int_indicators') }} as measured on periods.{{ column }}_period = measured.period
    where measured.value is not null

){{ "," if not loop.last }}

{% endfor %}
select
    indicators.period,
    indicators.division_code,
    indicators.level,
    indicators.indicator_code,
    indicators.numerator,
    indicators.denominator,
    indicators.value,
    indicators.coverage,
    indicators.state,
    previous.value as previous_value,
    year_ago.value as year_ago_value
from indicators
{%- for column in ['previous', 'year_ago'] %}
left join {{ column }}
    on indicators.period = {{ column }}.period
    and indicators.division_code = {{ column }}.division_code
    and indicators.indicator_code = {{ column }}.indicator_code
{%- endfor %}
