-- One row per kind of risk of $division in $period: households under monitoring by type, taken in and cleared by then.
select
    risk_type,
    coalesce(sum(monitored) filter (where household_type = 'exited_unstable'), 0)::bigint as exited_unstable,
    coalesce(sum(monitored) filter (where household_type = 'marginal'), 0)::bigint as marginal,
    coalesce(sum(monitored) filter (where household_type = 'sudden_hardship'), 0)::bigint as sudden_hardship,
    sum(monitored)::bigint as monitored,
    sum(monitored_members)::bigint as monitored_members,
    sum(taken_in)::bigint as taken_in,
    sum(cleared)::bigint as cleared,
from marts.fct_monitored
where period = $period and division_code = $division
group by risk_type
order by monitored desc, taken_in desc, risk_type
