-- One row: how many items of a unit's score are to be seen; none where the unit is somebody else's.
select count(*) as items
from marts.fct_rank_item
where scheme = $scheme
    and ranking = $ranking
    and edition_period = $period
    and class = $class
    and division_code = $division
