-- One row per unit inside $prefix that is in trouble in $period, the most troubled first.
with

missed as (
    select
        fact.division_code,
        string_agg(
            milestone.title || strftime(fact.checkpoint, '(%-m月%-d日)'), '、' order by fact.checkpoint, milestone.title
        ) as missed_milestones,
    from marts.fct_milestone as fact
    inner join marts.dim_milestone as milestone
        on milestone.scheme = fact.scheme and milestone.milestone = fact.milestone
    where fact.period = $period and fact.state = 'missed' and fact.division_code between $prefix and $prefix || 'x'
    group by fact.division_code
),

lowest as (
    select
        fact.division_code,
        string_agg(
            ranking.title || '倒数第' || fact.rank_from_bottom, '、' order by fact.rank_from_bottom, ranking.title
        ) as last_ranks,
    from marts.fct_ranking as fact
    inner join marts.dim_ranking as ranking on ranking.scheme = fact.scheme and ranking.ranking = fact.ranking
    where fact.edition_period = $period
        and fact.state = 'ranked'
        and fact.rank_from_bottom <= ranking.last_places
        and fact.division_code between $prefix and $prefix || 'x'
    group by fact.division_code
),

overdue as (
    select fact.division_code
    from marts.fct_indicator as fact
    inner join marts.dim_division as division using (division_code)
    where fact.period = $period
        and fact.indicator_code = 'overdue_projects'
        and fact.value > 0
        and division.parent_code = $division
),

proposals as (
    select division_code, string_agg(distinct title, '、' order by title) as proposals
    from marts.fct_action
    where edition_period = $period
        and state = 'proposed'
        and kind not in ('reward', 'commendation')
        and division_code between $prefix and $prefix || 'x'
    group by division_code
)

select
    division.name,
    missed_milestones,
    last_ranks,
    projects.value as overdue_projects,
    projects.state as overdue_state,
    proposals,
from missed
full outer join lowest using (division_code)
full outer join overdue using (division_code)
full outer join proposals using (division_code)
inner join marts.dim_division as division using (division_code)
left join marts.fct_indicator as projects
    on projects.division_code = division.division_code
    and projects.period = $period
    and projects.indicator_code = 'overdue_projects'
order by
    (missed_milestones is not null)::int + (last_ranks is not null)::int
        + coalesce(overdue_projects > 0, false)::int + (proposals is not null)::int desc,
    division.division_code
