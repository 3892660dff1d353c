-- One row per division inside $division, itself included.
select division_code, name
from marts.dim_division
where $division in (division_code, province_code, prefecture_code, county_code, township_code)
