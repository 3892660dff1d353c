-- One row per indicator that has a value anywhere: what any division has a value of, its county has one of too.
select
    indicator.indicator_code,
    indicator.title,
    indicator.unit,
    indicator.better,
from marts.dim_indicator as indicator
where indicator.indicator_code in (
    select distinct indicator_code
    from marts.fct_indicator
    where level in ('county', 'prefecture', 'province') and value is not null
)
order by indicator.title
