-- One row per type of monitored household inside $prefix: households, their members, and how many fail an item.
select
    household_type,
    count(*) as households,
    cast(sum(member_count) as bigint) as members,
    count(*) filter (where exit_standard = 'fail') as failing,
    count(*) filter (where exit_standard = 'unknown') as unknown,
from marts.fct_household
where period = $period and monitored and village_code between $prefix and $prefix || 'x'
group by household_type
order by list_position(['exited_unstable', 'marginal', 'sudden_hardship'], household_type)
