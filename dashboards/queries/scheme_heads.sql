-- One row per scheme: those in force in $period first, among them those that rank units, then the newest.
select
    scheme.*,
    division.name as division_name,
    strftime(scheme.valid_from, '%Y-%m') <= $period
    and (scheme.valid_to is null or strftime(scheme.valid_to, '%Y-%m') >= $period) as is_in_force,
from marts.dim_scheme as scheme
left join marts.dim_division as division on scheme.division_code = division.division_code
left join (select distinct scheme from marts.fct_ranking where edition_period = $period) as ranked on scheme.scheme = ranked.scheme
order by is_in_force desc, ranked.scheme is null, scheme.valid_from desc, scheme.scheme
