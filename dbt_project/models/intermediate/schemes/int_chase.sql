{{ config(meta={'months': 'all'}) }}
-- One row per period, scheme, kind, code and debtor: what is still owed by the edition's time, since when, to be chased by whom.
-- template: a month's report that is not there after its due day. Chased is the highest division of which nothing came (a
--   township whose villages are all missing stands once, not village by village); running months without it are counted.
-- cadence: occurrences due up to the month that nobody, or not every recipient, has; listed while the scheme is in force.
with periods as (

    select
        period,
        {{ add_days(month_end('period'), var('due_day')) }} as due_on
    from {{ ref('stg_periods') }}

),

today as (

    select cast(cast('{{ var("as_of") }}' as timestamp) as date) as known_on

),

inside as (

    -- the divisions of each scheme, each with the villages below it
    select
        scheme_periods.scheme,
        scheme_periods.period,
        pairs.ancestor_code as division_code,
        pairs.division_code as village_code
    from {{ ref('int_scheme_periods') }} as scheme_periods
    inner join {{ ref('int_division_pairs') }} as scope
        on scheme_periods.period = scope.period and scheme_periods.division_code = scope.ancestor_code
    inner join {{ ref('int_division_pairs') }} as pairs
        on scope.period = pairs.period and scope.division_code = pairs.ancestor_code
    inner join {{ ref('int_divisions') }} as divisions
        on pairs.period = divisions.period and pairs.ancestor_code = divisions.division_code and divisions.is_shown

),

silent as (

    select
        inside.scheme,
        inside.period,
        scheme_templates.template,
        inside.division_code,
        periods.due_on,
        count(*) as villages
    from inside
    inner join periods on inside.period = periods.period
    inner join today on periods.due_on < today.known_on
    inner join {{ source('catalogue', 'scheme_templates') }} as scheme_templates
        on inside.scheme = scheme_templates.scheme
    inner join {{ ref('int_reporting') }} as reporting
        on inside.period = reporting.period
        and inside.village_code = reporting.division_code
        and scheme_templates.template = reporting.template
    group by inside.scheme, inside.period, scheme_templates.template, inside.division_code, periods.due_on
    having not bool_or(reporting.is_covered)

),

-- consecutive months share the same distance between their number and their place in the division's own sequence
numbered as (

    select
        *,
        cast(left(period, 4) as integer) * 12 + cast(right(period, 2) as integer)
        - row_number() over (partition by scheme, template, division_code order by period) as streak
    from silent

),

running as (

    select
        *,
        row_number() over (partition by scheme, template, division_code, streak order by period) as months_running,
        min(due_on) over (partition by scheme, template, division_code, streak) as since
    from numbered

),

below_silent as (

    select
        silent.scheme,
        silent.period,
        silent.template,
        pairs.division_code
    from silent
    inner join {{ ref('int_division_pairs') }} as pairs
        on silent.period = pairs.period
        and silent.division_code = pairs.ancestor_code
        and pairs.division_code <> pairs.ancestor_code

),

templates_owed as (

    select
        running.period,
        running.scheme,
        running.template,
        running.division_code,
        divisions.name,
        running.villages,
        running.since,
        running.months_running,
        running.due_on
    from running
    inner join {{ ref('int_divisions') }} as divisions
        on running.period = divisions.period and running.division_code = divisions.division_code
    left join below_silent
        on running.scheme = below_silent.scheme
        and running.period = below_silent.period
        and running.template = below_silent.template
        and running.division_code = below_silent.division_code
    where below_silent.division_code is null

),

cadences_due as (

    select
        periods.period,
        cadences.scheme,
        cadences.cadence,
        cadences.title,
        cadences.clause_id,
        cadences.sender,
        cadences.sender_name,
        cadences.division_code,
        cadences.occurrence,
        cadences.due_on,
        cadences.period as due_period,
        -- who lacks it is told where others have it
        case when cadences.state = 'partly' then '(' || cadences.recipients_missing || ')' else '' end as lacking,
        cadences.state in ('missing', 'partly') as is_owed
    from {{ ref('int_cadences') }} as cadences
    inner join {{ source('catalogue', 'schemes') }} as schemes on cadences.scheme = schemes.scheme
    inner join periods
        on cadences.period <= periods.period
        and periods.period <= greatest({{ month_of('schemes.valid_to') }}, cadences.period)
    where not cadences.is_ahead and cadences.state <> 'not_due'

),

cadences_met as (

    select
        period,
        scheme,
        cadence,
        sender,
        max(due_on) as last_met_on
    from cadences_due
    where not is_owed
    group by period, scheme, cadence, sender

),

cadences_owed as (

    select
        due.period,
        due.scheme,
        due.cadence,
        due.title,
        due.clause_id,
        due.sender,
        due.sender_name,
        due.division_code,
        count(*) as items_owed,
        min(due.due_on) as since,
        count(distinct due.due_period) filter (
            where due.due_on >= coalesce(met.last_met_on, due.due_on)
        ) as months_running,
        {{ joined_text("due.occurrence || due.lacking") }} as details
    from cadences_due as due
    left join cadences_met as met
        on due.period = met.period
        and due.scheme = met.scheme
        and due.cadence = met.cadence
        and due.sender = met.sender
    where due.is_owed
    group by
        due.period, due.scheme, due.cadence, due.title, due.clause_id, due.sender, due.sender_name, due.division_code

)

select
    owed.period,
    owed.scheme,
    'template' as kind,
    owed.template as code,
    templates.title,
    owed.division_code as sender,
    owed.name as sender_name,
    owed.division_code,
    departments.department,
    owed.villages as items_owed,
    owed.since,
    owed.months_running,
    cast(owed.villages as string) || '个村未报' || templates.title || ',应于' || cast(owed.due_on as string) || '前报送'
    || case when owed.months_running > 1 then ',已连续' || cast(owed.months_running as string) || '个月' else '' end
        as details,
    cast(null as string) as clause_id
from templates_owed as owed
inner join {{ source('catalogue', 'templates') }} as templates on owed.template = templates.template
inner join {{ source('catalogue', 'template_departments') }} as departments on owed.template = departments.template

union all

select
    period,
    scheme,
    'cadence',
    cadence,
    title,
    sender,
    sender_name,
    division_code,
    sender_name,
    items_owed,
    since,
    months_running,
    '未送达:' || details,
    clause_id
from cadences_owed
