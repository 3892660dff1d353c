-- One row per period, division of the tree and indicator nobody inside the division is covered for.
{% set codes = catalogue_indicators() | map(attribute='code') | list %}
with uncovered as (

    {{ unpivot_uncovered(ref('int_indicator_sums'), ['period', 'division_code'], codes) }}

    union all

    select
        period,
        division_code,
        'composite_incidence'
    from {{ ref('int_composite_incidence') }}
    where covered = 0

)

select
    uncovered.period,
    uncovered.division_code,
    divisions.level,
    uncovered.indicator_code
from uncovered
inner join {{ ref('int_divisions') }} as divisions
    on uncovered.period = divisions.period and uncovered.division_code = divisions.division_code
where divisions.is_shown
