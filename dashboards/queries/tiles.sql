-- One row per unit of $level inside $prefix in $period: how many milestones and targets in it stand at which light.
-- $title limits them to one of them. A unit without any (checked is 0) has nothing to be judged by in the month.
with

units as (
    select division_code, name, parent_code
    from marts.dim_division
    where level = $level
        and starts_with(division_code, $prefix)
        -- a unit whose code had ended, or not begun, is not on the wall
        and coalesce(valid_from <= last_day(strptime($period || '-01', '%Y-%m-%d')::date), true)
        and coalesce(valid_to >= last_day(strptime($period || '-01', '%Y-%m-%d')::date), true)
),

judged as (
    select
        fact.division_code,
        milestone.title,
        case fact.state
            when 'met' then 'good'
            when 'pending_benchmark' then 'warn'
            when 'missed' then 'bad'
            when 'not_due' then 'info'
            else 'idle'
        end as light,
    from marts.fct_milestone as fact
    inner join marts.dim_milestone as milestone
        on milestone.scheme = fact.scheme and milestone.milestone = fact.milestone
    where fact.period = $period and starts_with(fact.division_code, $prefix)

    union all by name

    select
        fact.division_code,
        target.title,
        case
            when fact.band in ('stretch', 'target') then 'good'
            when fact.band = 'floor' then 'warn'
            when fact.band = 'below' then 'bad'
            when fact.state = 'not_due' then 'info'
            else 'idle'
        end as light,
    from marts.fct_target as fact
    inner join marts.dim_division as division on division.division_code = fact.division_code
    -- a target may differ by level and by class of village
    inner join marts.dim_target as target
        on target.scheme = fact.scheme
        and target.target = fact.target
        and target.level = division.level
        and (target.village_type is null or target.village_type = division.village_type)
    where fact.period = $period and starts_with(fact.division_code, $prefix)
),

placed as (
    select
        case $level
            when 'prefecture' then division.prefecture_code
            when 'county' then division.county_code
            when 'township' then division.township_code
            else judged.division_code
        end as division_code,
        judged.division_code as judged_code,
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
        count(distinct judged_code) filter (where light = 'bad') as red_units,
        list(distinct title order by title) filter (where light = 'bad') as red_titles,
    from placed
    group by division_code
)

select
    units.division_code,
    units.name,
    units.parent_code,
    parent.name as parent_name,
    coalesce(counted.checked, 0) as checked,
    coalesce(counted.bad, 0) as bad,
    coalesce(counted.warn, 0) as warn,
    coalesce(counted.good, 0) as good,
    coalesce(counted.info, 0) as info,
    coalesce(counted.idle, 0) as idle,
    coalesce(counted.red_units, 0) as red_units,
    array_to_string(counted.red_titles[1:6], '、') as red_titles,
    case
        when counted.bad > 0 then 'bad'
        when counted.warn > 0 then 'warn'
        when counted.good > 0 then 'good'
        when counted.info > 0 then 'info'
        else 'idle'
    end as light,
from units
left join counted using (division_code)
left join marts.dim_division as parent on parent.division_code = units.parent_code
order by units.division_code
