-- One row per fund year, level and type of $division in $period.
select
    fund_year,
    source_level,
    fund_type,
    issued,
    allocated,
    paid,
    surplus,
    'missing' as fund_state,
from marts.fct_fund
where period = $period and division_code = $division
order by fund_year desc, source_level, fund_type
