-- One row per exit item in $period: how many villages inside $prefix pass, fail or are unknown, and which fail.
with judged as (
    select *
    from marts.fct_village_exit
    where period = $period and village_code between $prefix and $prefix || 'x'
),

failing as (
    select
        judged.item,
        list(division.name order by division.division_code) as failed_names,
    from judged
    inner join marts.dim_division as division on division.division_code = judged.village_code
    where judged.result = 'fail' and division.division_code between $prefix and $prefix || 'x'
    group by judged.item
)

select
    judged.item,
    count(*) filter (where judged.result = 'pass') as passed,
    count(*) filter (where judged.result = 'fail') as failed,
    count(*) filter (where judged.result = 'unknown') as unknown,
    any_value(failing.failed_names) as names,
    array_to_string(names[1:10], '、') || case when len(names) > 10 then ' 等' || len(names) || '个' else '' end
        as failing,
from judged
left join failing using (item)
group by judged.item
order by judged.item
