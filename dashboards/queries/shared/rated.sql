-- Figures of the counties inside $prefix, and of $division itself.
select *
from marts.fct_indicator
where level = 'county' and division_code between $prefix and $prefix || 'x'
union all
select *
from marts.fct_indicator
where level <> 'county' and division_code = $division
