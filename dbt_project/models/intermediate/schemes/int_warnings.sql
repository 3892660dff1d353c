-- One row per period, scheme, kind, thing and unit: what will follow next month if nothing changes.
-- interview: a unit among the last that has lagged one month less than the consequence needs, or longer already;
-- milestone: a checkpoint in the next month not reached yet; loans_due: loans of a village that end in the next month;
-- cadence: reports due in the next month that not every recipient has.
with periods as (

    select
        period,
        period_month,
        {{ add_months_to('period', 1) }} as next_period
    from {{ ref('stg_periods') }}

),

following as (

    -- months after which the scheme goes on
    select
        scheme_periods.scheme,
        scheme_periods.division_code as scheme_division_code,
        periods.period,
        periods.period_month,
        periods.next_period
    from {{ ref('int_scheme_periods') }} as scheme_periods
    inner join periods on scheme_periods.period = periods.period
    where {{ month_of('scheme_periods.valid_to') }} >= periods.next_period

),

-- what follows from lagging, once however many it concerns
lagging_actions as (

    select
        scheme,
        ranking,
        clause_id,
        n,
        periods,
        {{ joined_text('title') }} as titles
    from (
        select distinct
            actions.scheme,
            actions.ranking,
            actions.clause_id,
            actions.n,
            actions.periods,
            consequences.title
        from {{ source('catalogue', 'scheme_actions') }} as actions
        inner join {{ source('catalogue', 'consequences') }} as consequences on actions.kind = consequences.kind
        where actions.trigger = 'lagging'
    )
    group by scheme, ranking, clause_id, n, periods

),

interviews as (

    select
        following.period,
        following.scheme,
        'interview' as kind,
        lagging.ranking as what,
        lagging.division_code as unit,
        lagging.division_code,
        {{ month_end('following.next_period') }} as due_on,
        rankings.score as value,
        -- the even pace to be reached by the end of next month
        case indicators.unit
            when '%' then round(cast((following.period_month % 12 + 1) * 100 as decimal(38, 10)) / 12, 2)
        end as needed,
        -- money still to be paid for it, on what is issued today
        case
            when indicators.unit = '%' and {{ counted_in('indicators') }} = '元'
                then greatest(
                    0,
                    cast(round(cast((following.period_month % 12 + 1) * 100 as decimal(38, 10)) / 12, 2) as decimal(5, 2))
                    * cast(0.01 as decimal(3, 2)) * cast(rankings.score_denominator as decimal(38, 2))
                    - cast(rankings.score_numerator as decimal(38, 2))
                )
        end as amount_needed,
        lagging.clause_id,
        '连续' || cast(lagging.months_running as string) || '个月滞后且列后' || cast(actions.n as string)
        || '名,下月仍如此将' || case when lagging.months_running >= actions.periods then '再次' else '' end || '触发'
        || actions.titles as message
    from {{ ref('int_lagging') }} as lagging
    inner join following on lagging.scheme = following.scheme and lagging.edition_period = following.period
    inner join lagging_actions as actions
        on lagging.scheme = actions.scheme
        and lagging.ranking = actions.ranking
        and lagging.clause_id = actions.clause_id
        and lagging.months_running >= actions.periods - 1
    inner join {{ source('catalogue', 'scheme_rankings') }} as definitions
        on lagging.scheme = definitions.scheme and lagging.ranking = definitions.ranking
    inner join {{ source('catalogue', 'indicators') }} as indicators
        on definitions.indicator_code = indicators.indicator_code
    inner join {{ ref('int_rankings') }} as rankings
        on lagging.scheme = rankings.scheme
        and lagging.ranking = rankings.ranking
        and lagging.edition_period = rankings.edition_period
        and lagging.division_code = rankings.division_code

),

milestones as (

    select
        periods.period,
        milestones.scheme,
        'milestone' as kind,
        milestones.milestone as what,
        milestones.division_code as unit,
        milestones.division_code,
        milestones.checkpoint as due_on,
        milestones.value,
        milestones.threshold as needed,
        null as amount_needed,
        milestones.clause_id,
        titles.title || ':' || case
            when milestones.value is null then '尚无数据'
            else '现为' || {{ shown_value('milestones.value', 'indicators.unit') }} || ',每日尚需'
                || {{ shown_value('milestones.daily_pace', 'indicators.unit', points=true) }}
        end as message
    from {{ ref('int_milestones') }} as milestones
    inner join periods on milestones.period = periods.period
    inner join {{ source('catalogue', 'indicators') }} as indicators
        on milestones.indicator_code = indicators.indicator_code
    inner join (
        select distinct
            scheme,
            milestone,
            title
        from {{ source('catalogue', 'scheme_milestones') }}
    ) as titles
        on milestones.scheme = titles.scheme and milestones.milestone = titles.milestone
    where
        {{ month_of('milestones.checkpoint') }} = periods.next_period
        and (milestones.state = 'no_data' or milestones.daily_pace > 0)

),

loans as (

    select
        following.period,
        following.scheme,
        'loans_due' as kind,
        lists.list as what,
        loans.village_code as unit,
        loans.village_code as division_code,
        min(loans.due_on) as due_on,
        sum(loans.balance) as value,
        cast(0 as decimal(38, 2)) as needed,
        null as amount_needed,
        lists.clause_id,
        cast(count(distinct loans.household_id) as string) || '户贷款下月到期,余额'
        || cast(cast(sum(loans.balance) as decimal(38, 2)) as string) || '元' as message
    from {{ ref('stg_loans') }} as loans
    inner join {{ ref('int_division_pairs') }} as pairs
        on loans.period = pairs.period and loans.village_code = pairs.division_code
    inner join following
        on loans.period = following.period and pairs.ancestor_code = following.scheme_division_code
    inner join {{ source('catalogue', 'scheme_lists') }} as lists
        on following.scheme = lists.scheme and lists.selects = 'loans_due'
    where loans.balance > 0 and {{ month_of('loans.due_on') }} = following.next_period
    group by following.period, following.scheme, lists.list, loans.village_code, lists.clause_id

),

cadences as (

    select
        period,
        scheme,
        'cadence' as kind,
        cadence as what,
        sender as unit,
        division_code,
        min(due_on) as due_on,
        sum(recipients_delivered) as value,
        sum(recipients_expected) as needed,
        null as amount_needed,
        clause_id,
        title || '下月应报' || cast(count(*) as string) || '期:' || {{ joined_text('occurrence') }} as message
    from {{ ref('int_cadences') }}
    where is_ahead and delivered_on is null
    group by period, scheme, cadence, sender, division_code, clause_id, title

)

{% for kind in ['interviews', 'milestones', 'loans', 'cadences'] %}
select
    period,
    scheme,
    kind,
    what,
    unit,
    division_code,
    due_on,
    cast(value as decimal(38, 12)) as value,
    cast(needed as decimal(38, 12)) as needed,
    cast(amount_needed as decimal(38, 2)) as amount_needed,
    clause_id,
    message
from {{ kind }}
{{ "union all" if not loop.last }}
{% endfor %}
