-- One row per month of $year and of the year before with a value of $indicator for $division.
select
    left(period, 4)::integer as year,
    right(period, 2)::integer as month,
    value,
from marts.fct_indicator
where division_code = $division
    and indicator_code = $indicator
    and period between ($year - 1) || '-01' and $year || '-12'
    and period <= $period
    and value is not null
order by period
