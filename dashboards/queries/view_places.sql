-- Divisions above village that reported anything in any month, the widest first.
select
    divisions.division_code,
    divisions.name
from marts.dim_division as divisions
where
    divisions.level <> 'village'
    and (
        exists (
            select 1 from marts.fct_reporting as reporting
            where reporting.division_code = divisions.division_code and reporting.villages_covered > 0
        )
        or exists (
            select 1 from marts.fct_submission as submissions
            where submissions.scope_code = divisions.division_code and submissions.rows_accepted > 0
        )
    )
order by divisions.division_code
