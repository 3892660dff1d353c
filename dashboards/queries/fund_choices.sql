-- One row per fund year, level and type reported by $period inside $prefix.
select distinct fund_year, source_level, fund_type
from marts.fct_fund
where period = $period and division_code between $prefix and $prefix || 'x'
order by fund_year desc, source_level, fund_type
