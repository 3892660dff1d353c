-- One row per period and village that is asked for something or gave something.
select
    period,
    village_code,
    forms_asked,
    forms_given,
    columns_asked,
    columns_repeated,
    rows_given,
    cells_given,
    cells_prefillable
from {{ ref('int_burden') }}
