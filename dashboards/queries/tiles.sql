-- One row per unit of $level inside $prefix in $period: how many milestones and targets in it stand at which light, and how
-- much of what is due is met. $title limits them to one of them. A unit without any (checked is 0) has nothing to be judged by.
with

units as (
    {{wall_units}}
),

judged as (
    {{judged}}
),

placed as (
    select
        case $level
            when 'prefecture' then division.prefecture_code
            when 'county' then division.county_code
            when 'township' then division.township_code
            else judged.division_code
        end as division_code,
        judged.title,
        judged.light,
    from judged
    inner join marts.dim_division as division on division.division_code = judged.division_code
    where $title is null or judged.title = $title
),

counted as (
    select
        division_code,
        count(*) as checked,
        count(*) filter (where light = 'bad') as bad,
        count(*) filter (where light = 'warn') as warn,
        count(*) filter (where light = 'good') as good,
        count(*) filter (where light = 'info') as info,
        count(*) filter (where light = 'idle') as idle,
        list(distinct title order by title) filter (where light = 'bad') as red_titles,
    from placed
    group by division_code
)

select
    units.*,
    coalesce(counted.checked, 0) as checked,
    coalesce(counted.bad, 0) as bad,
    coalesce(counted.warn, 0) as warn,
    coalesce(counted.good, 0) as good,
    coalesce(counted.info, 0) as info,
    coalesce(counted.idle, 0) as idle,
    array_to_string(counted.red_titles[1:6], '、') as red_titles,
    -- what is not due, or has no data, does not count
    case
        when counted.good = counted.good + counted.warn + counted.bad and counted.good > 0 then 'good'
        when counted.bad > 0 and counted.good <= counted.warn + counted.bad then 'bad'
        when counted.good + counted.warn + counted.bad > 0 then 'warn'
        when counted.info > 0 then 'info'
        else 'idle'
    end as light,
from units
left join counted using (division_code)
order by units.division_code
