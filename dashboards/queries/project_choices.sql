-- One row per project year and category in $period inside $prefix.
select project_year, category, count(*) as projects
from marts.fct_project
where period = $period and division_code between $prefix and $prefix || 'x'
group by project_year, category
order by project_year desc, category
