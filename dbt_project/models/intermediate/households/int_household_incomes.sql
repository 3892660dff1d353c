-- One row per period and household: its income, which later months are held against.
select
    period,
    household_id,
    net_income,
    net_income_per_capita
from {{ ref('int_households') }}
