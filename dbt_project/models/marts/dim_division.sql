-- One row per division in force at the edition's period.
select
    divisions.division_code,
    divisions.name,
    divisions.level,
    divisions.parent_code,
    divisions.village_type,
    divisions.province_code,
    divisions.prefecture_code,
    divisions.county_code,
    divisions.township_code,
    divisions.valid_from,
    divisions.valid_to,
    divisions.predecessor_code
from {{ ref('stg_divisions') }} as divisions
inner join {{ ref('stg_periods') }} as periods
    on divisions.period = periods.period and periods.is_edition_period
