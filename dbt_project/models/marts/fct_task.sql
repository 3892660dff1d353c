-- One row per scheme, yearly task, period and division with a target.
select
    scheme,
    task,
    period,
    division_code,
    achieved,
    target,
    rate,
    due_on,
    state,
    unit,
    clause_id
from {{ ref('int_tasks') }}
