-- One row per period, division code as it was then, and each of its ancestors (itself included), both also under the
-- codes they go by at the edition's period.
with chains as (

    {% for level in ['province', 'prefecture', 'county', 'township', 'village'] %}
    select
        period,
        division_code as raw_code,
        {{ level }}_code as ancestor_raw_code
    from {{ ref('stg_divisions') }}
    where is_valid and {{ level }}_code is not null
    {{ "union all" if not loop.last }}
    {% endfor %}

)

select
    chains.period,
    chains.raw_code,
    coalesce(own.successor_code, chains.raw_code) as division_code,
    chains.ancestor_raw_code,
    coalesce(ancestor.successor_code, chains.ancestor_raw_code) as ancestor_code
from chains
left join {{ ref('int_division_successors') }} as own on chains.raw_code = own.division_code
left join {{ ref('int_division_successors') }} as ancestor on chains.ancestor_raw_code = ancestor.division_code
