-- One row per project inside $prefix in $period: overdue ones first, then those furthest behind their plan.
with projects as (
    {{projects}}
)

select
    projects.*,
    stage = 'accepted' and paid < allocated as awaits_payment,
    case when stage = 'accepted' then allocated - paid end as unpaid,
    last_day(strptime($period || '-01', '%Y-%m-%d')::date) as as_of_day,
    case when overdue then date_diff('day', planned_finish, as_of_day) end as days_overdue,
from projects
where division_code between $prefix and $prefix || 'x'
    and ($year is null or project_year = $year)
    and ($category is null or category = $category)
    and ($stage is null or stage = $stage or ($stage = 'overdue' and overdue))
order by
    not coalesce(overdue, false), days_overdue desc nulls last, variance nulls last, planned_finish nulls last, project_id
limit 10000
