-- One row per scheme in force, published figure and period.
select
    scheme,
    figure,
    period,
    division_code,
    title,
    published_value,
    unit,
    indicator_code,
    warehouse_value,
    difference,
    state,
    clause_id
from {{ ref('int_figures') }}
