-- One row per period and class of a ranking, newest first.
select distinct edition_period as period, class, round_code
from marts.fct_ranking
where scheme = $scheme and ranking = $ranking
order by period desc, class
