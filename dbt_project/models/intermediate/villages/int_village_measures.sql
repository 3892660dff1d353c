-- One row per period and village: the sums that village indicators are made of.
select
    period,
    village_code as division_code,
    rural_population,
    case when seven_items_known and seven_items_ok then 1 else 0 end as seven_items_villages,
    case when seven_items_known then 1 else 0 end as seven_items_known_villages,
    case when seven_items_known and three_items_known and seven_items_ok and three_items_ok then 1 else 0 end
        as ten_items_villages,
    case when seven_items_known and three_items_known then 1 else 0 end as ten_items_known_villages,
    collective_income as collective_income_amount,
    case when collective_income >= collective_income_standard then 1 else 0 end as collective_income_pass_villages,
    case when collective_income is not null and collective_income_standard is not null then 1 else 0 end
        as collective_income_known_villages,
    pv_wage as pv_wage_amount,
    pv_income as pv_income_amount
from {{ ref('int_villages') }}
