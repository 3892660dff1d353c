-- One row per exit item in $period: how many villages inside $prefix pass, fail or are unknown, and which fail.
select
    fact.item,
    count(*) filter (where fact.result = 'pass') as passed,
    count(*) filter (where fact.result = 'fail') as failed,
    count(*) filter (where fact.result = 'unknown') as unknown,
    list(division.name order by division.division_code) filter (where fact.result = 'fail') as names,
    array_to_string(names[1:10], '、') || case when len(names) > 10 then ' 等' || len(names) || '个' else '' end
        as failing,
from marts.fct_village_exit as fact
inner join marts.dim_division as division on division.division_code = fact.village_code
where fact.period = $period and starts_with(fact.village_code, $prefix)
group by fact.item
order by fact.item
