-- One row per period and division with assets of its own: the sums that asset indicators are made of.
select
    period,
    division_code,
    sum(original_value) as asset_value,
    sum(original_value) filter (where titled) as titled_asset_value,
    sum(original_value) filter (where status in ('idle', 'damaged')) as idle_asset_value,
    count(*) as asset_count,
    count(keeper) as kept_assets,
    sum(distributed) filter (where category = 'operating' and annual_income is not null) as distributed_income,
    sum(annual_income) filter (where category = 'operating' and distributed is not null) as distributable_income
from {{ ref('stg_assets') }}
group by period, division_code
