-- One row per milestone or target in $period: how many units inside $prefix stand at which light, and which are red; the worst first.
with states as (
    {{judged}}
)

select
    states.part,
    states.title,
    states.note,
    count(*) filter (where light = 'good') as good,
    count(*) filter (where light = 'warn') as warn,
    count(*) filter (where light = 'bad') as bad,
    count(*) filter (where light = 'info') as info,
    count(*) filter (where light = 'idle') as idle,
    list(division.name order by division.name) filter (where light = 'bad') as reds,
    array_to_string(reds[1:8], '、') || case when len(reds) > 8 then ' 等' || len(reds) || '个' else '' end as red_units,
from states
inner join marts.dim_division as division using (division_code)
group by states.part, states.title, states.note, states.position
having good + warn + bad + info > 0
order by bad desc, warn desc, part, states.position, note, title
