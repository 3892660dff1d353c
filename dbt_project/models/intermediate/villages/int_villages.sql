-- One row per period and village with a row of its own in the village table. Villages that have since become one count
-- together: amounts add up, a facility is there only where it was in each.
{% set facilities = [
    'road', 'drinking_water', 'power', 'culture_centre', 'clinic', 'broadband', 'broadcast', 'environment',
    'housing_done', 'village_office',
] %}
with together as (

    select
        period,
        village_code,
        sum(rural_population) as rural_population,
        {%- for facility in facilities %}
        case
            when count(*) filter (where not {{ facility }}) > 0 then false
            when count(*) = count({{ facility }}) then true
        end as {{ facility }},
        {%- endfor %}
        min(main_industry) as main_industry,
        sum(collective_income) as collective_income,
        sum(pv_income) filter (where pv_wage is not null) as pv_income,
        sum(pv_wage) filter (where pv_income is not null) as pv_wage
    from {{ ref('stg_villages') }}
    group by period, village_code

)

select
    together.*,
    standards.collective_income_standard,
    standards.incidence_ceiling,
    road and drinking_water and power and culture_centre and clinic and broadband and broadcast as seven_items_ok,
    road is not null and drinking_water is not null and power is not null and culture_centre is not null
    and clinic is not null and broadband is not null and broadcast is not null as seven_items_known,
    environment and housing_done and village_office as three_items_ok,
    environment is not null and housing_done is not null and village_office is not null as three_items_known
from together
left join {{ ref('int_division_standards') }} as standards
    on together.period = standards.period and together.village_code = standards.division_code
