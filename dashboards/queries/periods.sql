-- One row per month with anything in it, newest first.
select distinct period
from (
    select distinct period
    from ({{widest}})
    where value is not null
    union all
    select period from marts.fct_fund
    union all
    select edition_period from marts.fct_ranking
) as reported
order by period desc
