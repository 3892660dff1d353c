-- One row per month with anything in it, newest first. What any division has a value of, its county has one of too.
select distinct period
from (
    select distinct period
    from marts.fct_indicator
    where level in ('county', 'prefecture', 'province') and value is not null
    union all
    select period from marts.fct_fund
    union all
    select edition_period from marts.fct_ranking
) as reported
order by period desc
