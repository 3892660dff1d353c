-- One row per project year and category in $period inside $prefix.
select project_year, category, count(*) as projects
from marts.fct_project
where period = $period and starts_with(division_code, $prefix)
group by project_year, category
order by project_year desc, category
