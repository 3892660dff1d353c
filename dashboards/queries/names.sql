-- One row per division of $codes (comma-separated): its name.
select division_code, name
from marts.dim_division
where division_code in (select unnest(string_split($codes, ',')))
