-- One row per project inside $prefix in $period, overdue ones first, up to 500.
with projects as (
    {{projects}}
)

select *
from projects
where division_code between $prefix and $prefix || 'x'
order by overdue desc nulls last, project_year desc, project_id
limit 500
