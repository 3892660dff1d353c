-- One row per figure $scheme published and unit, in the newest month up to $period in which it was compared.
select
    title,
    period,
    published_value,
    warehouse_value,
    difference,
    unit,
    state,
    clause_id,
from marts.fct_figure
where scheme = $scheme and period <= $period
qualify rank() over (partition by figure order by period desc) = 1
order by state <> 'differs', clause_id, title
