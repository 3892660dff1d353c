-- One row per month with anything in it, newest first.
select distinct period
from (
    select period from marts.fct_indicator where state in ('value', 'partial')
    union all
    select period from marts.fct_fund
    union all
    select edition_period from marts.fct_ranking
) as reported
order by period desc
