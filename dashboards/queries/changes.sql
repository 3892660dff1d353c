-- One row per thing that moved since the month before: largest indicator changes of $division, then milestone
-- states of the units inside it.
with

months as (
    select strftime(strptime($period || '-01', '%Y-%m-%d') - interval 1 month, '%Y-%m') as previous_period
),

figures as (
    select
        1 as part,
        -abs(fact.value - fact.previous_value) / nullif(greatest(abs(fact.previous_value), 0.0001), 0) as position,
        division.name as unit_name,
        indicator.title,
        indicator.unit,
        fact.previous_value,
        fact.value,
        cast(null as varchar) as former_state,
        cast(null as varchar) as state,
    from marts.fct_indicator as fact
    inner join marts.dim_indicator as indicator using (indicator_code)
    inner join marts.dim_division as division using (division_code)
    where fact.period = $period
        and fact.division_code = $division
        and fact.value <> fact.previous_value
    order by position
    limit 8
),

moves as (
    select
        milestone.title,
        former.state as former_state,
        fact.state,
        fact.checkpoint,
        list(division.name order by division.division_code) as names,
    from marts.fct_milestone as fact
    cross join months
    inner join marts.fct_milestone as former
        on former.scheme = fact.scheme
        and former.milestone = fact.milestone
        and former.division_code = fact.division_code
        and former.period = months.previous_period
    inner join marts.dim_milestone as milestone
        on milestone.scheme = fact.scheme and milestone.milestone = fact.milestone
    inner join marts.dim_division as division on division.division_code = fact.division_code
    where fact.period = $period
        and fact.division_code between $prefix and $prefix || 'x'
        and fact.state <> former.state
    group by fact.scheme, milestone.title, former.state, fact.state, fact.checkpoint
),

milestones as (
    select
        2 as part,
        row_number() over (order by state <> 'missed', checkpoint, title, former_state) as position,
        array_to_string(names[1:8], '、') || case when len(names) > 8 then ' 等' || len(names) || '个' else '' end
            as unit_name,
        title || strftime(checkpoint, '(%-m月%-d日)') as title,
        cast(null as varchar) as unit,
        cast(null as decimal(28, 10)) as previous_value,
        cast(null as decimal(28, 10)) as value,
        former_state,
        state,
    from moves
)

select * from figures
union all by name
select * from milestones
order by part, position, unit_name, title
