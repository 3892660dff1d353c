-- One row per unit of $level inside $prefix that there was at the end of $period.
select
    unit.division_code,
    unit.name,
    unit.parent_code,
    parent.name as parent_name,
from marts.dim_division as unit
left join marts.dim_division as parent on parent.division_code = unit.parent_code
where unit.level = $level
    and unit.division_code between $prefix and $prefix || 'x'
    -- a unit whose code had ended, or not begun, is not on the wall
    and coalesce(unit.valid_from <= last_day(strptime($period || '-01', '%Y-%m-%d')::date), true)
    and coalesce(unit.valid_to >= last_day(strptime($period || '-01', '%Y-%m-%d')::date), true)
