-- One row per class of assets inside $prefix in $period, and one for all of them; none where no assets were reported.
-- Titled by value, kept by number, idle with what is damaged, as the rates count them. Income nobody reported is NULL.
with

classes as (
    select *
    from (values ('operating', 1), ('public_benefit', 2), ('household', 3)) as class (category, position)
),

assets as (
    select *
    from marts.fct_asset
    where period = $period and division_code between $prefix and $prefix || 'x'
),

sums as (
    select
        classes.category,
        classes.position,
        grouping(classes.category) = 1 as is_whole,
        count(assets.asset_id) as assets,
        case when count(assets.asset_id) = 0 then 0 else sum(assets.original_value) end as original_value,
        coalesce(sum(assets.original_value) filter (where assets.titled), 0) as titled_value,
        count(assets.keeper) as kept,
        count(*) filter (where assets.status in ('idle', 'damaged')) as idle,
        coalesce(sum(assets.original_value) filter (where assets.status in ('idle', 'damaged')), 0) as idle_value,
        sum(assets.annual_income) as annual_income,
        sum(assets.distributed) as distributed,
        count(*) filter (
            where assets.category = 'operating' and (assets.annual_income is null or assets.distributed is null)
        ) as income_unknown,
    from classes
    left join assets using (category)
    where exists (select 1 from assets)
    group by grouping sets ((classes.category, classes.position), ())
)

select
    coalesce(category, 'all') as category,
    is_whole,
    assets,
    original_value,
    titled_value / nullif(original_value, 0) as titled_share,
    kept::decimal(18, 0) / nullif(assets, 0) as kept_share,
    idle,
    idle_value,
    annual_income,
    distributed,
    case when category is null or category = 'operating' then income_unknown end as income_unknown,
    case when assets = 0 then 'not_applicable' else 'missing' end as income_state,
    case when original_value is null then 'missing' else 'not_applicable' end as share_state,
    'missing' as value_state,
    'not_applicable' as unknown_state,
from sums
where assets > 0 or not is_whole
order by not is_whole, position
