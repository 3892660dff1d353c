-- One row per exit item (1+7+2) of the village $division in $period.
select
    item,
    value,
    threshold,
    result,
from marts.fct_village_exit
where period = $period and village_code = $division
order by item
