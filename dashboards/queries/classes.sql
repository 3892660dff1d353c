-- One row per class of a ranking with its title.
select class, title
from marts.dim_class
where scheme = $scheme and ranking = $ranking
order by class
