-- One row per period, village with a row of its own, and item of the village exit (1+7+2).
with villages as (

    select
        villages.*,
        incidence.numerator as poor_members,
        incidence.denominator as incidence_denominator,
        incidence.value as incidence
    from {{ ref('int_villages') }} as villages
    left join {{ ref('int_indicators') }} as incidence
        on villages.period = incidence.period
        and villages.village_code = incidence.division_code
        and incidence.indicator_code = 'poverty_incidence'

),

items as (

    select
        period,
        village_code,
        'incidence' as item,
        incidence as value,
        cast(incidence_ceiling as decimal(38, 12)) as threshold,
        case when incidence is not null then poor_members < incidence_ceiling * incidence_denominator end as ok
    from villages

    {% for item in ['road', 'drinking_water', 'power', 'culture_centre', 'clinic', 'broadband', 'broadcast'] %}
    union all

    select
        period,
        village_code,
        '{{ item }}',
        cast(case when {{ item }} then 1 when not {{ item }} then 0 end as decimal(38, 12)),
        cast(1 as decimal(38, 12)),
        {{ item }}
    from villages
    {% endfor %}

    union all

    select
        period,
        village_code,
        'collective_income',
        cast(collective_income as decimal(38, 12)),
        cast(collective_income_standard as decimal(38, 12)),
        collective_income >= collective_income_standard
    from villages

    union all

    select
        period,
        village_code,
        'main_industry',
        cast(null as decimal(38, 12)),
        cast(null as decimal(38, 12)),
        main_industry <> '无'
    from villages

),

with_overall as (

    select * from items

    union all

    select
        period,
        village_code,
        'overall',
        cast(count(*) filter (where ok) as decimal(38, 12)),
        cast(count(*) as decimal(38, 12)),
        case
            when count(*) filter (where not ok) > 0 then false
            when count(*) = count(ok) then true
        end
    from items
    group by period, village_code

)

select
    period,
    village_code,
    item,
    value,
    threshold,
    {{ verdict('ok') }} as result
from with_overall
