-- One row per period and asset.
select
    period,
    asset_id,
    division_code,
    name,
    category,
    formed_year,
    original_value,
    titled,
    keeper,
    annual_income,
    distributed,
    status
from {{ ref('stg_assets') }}
