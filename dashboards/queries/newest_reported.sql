-- One row: the newest month in which $division has a value of one of $indicators (comma-separated); NULL where never.
select max(period) as period
from marts.fct_indicator
where division_code = $division
    and list_contains(string_split($indicators, ','), indicator_code)
    and value is not null
