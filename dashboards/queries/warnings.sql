-- One row per warning of $period for the month after, of units inside $prefix and of the offices of schemes in force there.
-- The days run from the end of $period to the date.
with

heard as (
    select warning.*
    from marts.fct_warning as warning
    left join marts.dim_scheme as scheme on scheme.scheme = warning.scheme
    where warning.period = $period
        and case
            when warning.division_code is not null then warning.division_code between $prefix and $prefix || 'x'
            else scheme.division_code between $prefix and $prefix || 'x' or starts_with($division, rtrim(scheme.division_code, '0'))
        end
),

paces as (
    select scheme, milestone, division_code, daily_pace, indicator_code
    from marts.fct_milestone
    where period = $period and division_code in (select division_code from heard)
),

places as (
    select scheme, ranking, division_code, max(rank_from_bottom) as rank_from_bottom
    from marts.fct_ranking
    where edition_period = $period and division_code in (select division_code from heard)
    group by all
)

select
    heard.kind,
    heard.scheme,
    scheme.title as scheme_title,
    heard.what,
    coalesce(ranking.title, milestone.title, cadence.title, list.title, heard.what) as what_title,
    coalesce(division.name, heard.unit) as name,
    heard.division_code,
    heard.due_on,
    date_diff('day', last_day(strptime($period || '-01', '%Y-%m-%d')::date), heard.due_on) as days_left,
    case when heard.kind = 'interview' then heard.value / 100 else heard.value end as value,
    case when heard.kind = 'interview' then heard.needed / 100 else heard.needed end as needed,
    case heard.kind when 'interview' then '%' when 'milestone' then indicator.unit when 'loans_due' then '元' else '次' end
        as unit,
    places.rank_from_bottom,
    heard.amount_needed,
    (heard.amount_needed / nullif(days_left, 0))::decimal(38, 2) as amount_a_day,
    paces.daily_pace,
    heard.message,
    clause.title as clause_title,
    clause.quote,
    'no_data' as missing_state,
from heard
left join marts.dim_scheme as scheme on scheme.scheme = heard.scheme
left join marts.dim_division as division on division.division_code = heard.division_code
left join marts.dim_ranking as ranking on ranking.scheme = heard.scheme and ranking.ranking = heard.what
left join marts.dim_milestone as milestone on milestone.scheme = heard.scheme and milestone.milestone = heard.what
left join marts.dim_cadence as cadence on cadence.scheme = heard.scheme and cadence.cadence = heard.what
left join marts.dim_list as list on list.scheme = heard.scheme and list.list = heard.what
left join marts.dim_indicator as indicator on indicator.indicator_code = milestone.indicator_code
left join places
    on places.scheme = heard.scheme and places.ranking = heard.what and places.division_code = heard.division_code
left join paces
    on paces.scheme = heard.scheme and paces.milestone = heard.what and paces.division_code = heard.division_code
left join marts.dim_scheme_clause as clause on clause.clause_id = heard.clause_id
order by
    list_position(['interview', 'milestone', 'loans_due', 'cadence'], heard.kind),
    heard.due_on, places.rank_from_bottom, heard.division_code, heard.what
