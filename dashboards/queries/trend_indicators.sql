-- One row per indicator that has a value anywhere.
select
    indicator.indicator_code,
    indicator.title,
    indicator.unit,
    indicator.better,
    indicator.grain,
from marts.dim_indicator as indicator
where indicator.indicator_code in (
    select distinct indicator_code
    from ({{widest}})
    where value is not null
)
order by indicator.title
