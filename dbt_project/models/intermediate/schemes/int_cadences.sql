{{ config(meta={'months': 'all'}) }}
-- One row per period, scheme, cadence, occurrence due in that month or the next (`is_ahead`), and sender: who of the
-- recipients has it. Two recipients: delivered once both have it. Not due is what may still be handed in on time.
with periods as (

    select
        period,
        {{ add_months_to('period', 1) }} as next_period
    from {{ ref('stg_periods') }}

),

occurrences as (

    select
        periods.period,
        occurrences.scheme,
        schemes.division_code as scheme_division_code,
        occurrences.cadence,
        occurrences.occurrence,
        occurrences.opens_on,
        occurrences.due_on,
        {{ month_of('occurrences.due_on') }} > periods.period as is_ahead
    from {{ source('catalogue', 'cadence_occurrences') }} as occurrences
    inner join {{ source('catalogue', 'schemes') }} as schemes on occurrences.scheme = schemes.scheme
    inner join periods
        on {{ month_of('occurrences.due_on') }} in (periods.period, periods.next_period)

),

divisions_below as (

    select
        pairs.period,
        pairs.ancestor_code,
        divisions.division_code,
        divisions.name,
        divisions.level
    from {{ ref('int_division_pairs') }} as pairs
    inner join {{ ref('int_divisions') }} as divisions
        on pairs.period = divisions.period and pairs.division_code = divisions.division_code
    where divisions.is_shown

),

senders as (

    select
        divisions_below.period,
        cadences.scheme,
        cadences.cadence,
        divisions_below.division_code as sender,
        divisions_below.name as sender_name,
        divisions_below.division_code
    from {{ source('catalogue', 'scheme_cadences') }} as cadences
    inner join {{ source('catalogue', 'schemes') }} as schemes on cadences.scheme = schemes.scheme
    inner join divisions_below
        on schemes.division_code = divisions_below.ancestor_code
        and cadences.sender_level = divisions_below.level

    union all

    select distinct
        divisions_below.period,
        cadences.scheme,
        cadences.cadence,
        support_units.unit,
        support_units.unit,
        cast(null as string)
    from {{ source('catalogue', 'scheme_cadences') }} as cadences
    inner join {{ source('catalogue', 'schemes') }} as schemes on cadences.scheme = schemes.scheme
    inner join divisions_below on schemes.division_code = divisions_below.ancestor_code
    inner join {{ ref('stg_support_units') }} as support_units
        on divisions_below.period = support_units.period
        and divisions_below.division_code = support_units.village_code
    where cadences.sender_level = 'support_unit'

    union all

    select
        divisions_below.period,
        units.scheme,
        units.cadence,
        units.sender,
        units.sender,
        cast(null as string)
    from {{ source('catalogue', 'cadence_sender_units') }} as units
    inner join {{ source('catalogue', 'schemes') }} as schemes on units.scheme = schemes.scheme
    inner join divisions_below
        on schemes.division_code = divisions_below.ancestor_code
        and divisions_below.division_code = divisions_below.ancestor_code

),

received as (

    select
        occurrences.period,
        occurrences.scheme,
        occurrences.cadence,
        occurrences.occurrence,
        occurrences.opens_on,
        occurrences.due_on,
        occurrences.is_ahead,
        senders.sender,
        senders.sender_name,
        senders.division_code,
        count(*) as recipients_expected,
        count(deliveries.delivered_on) as recipients_delivered,
        {{ joined_text("case when deliveries.delivered_on is null then nullif(recipients.recipient, '') end") }}
            as recipients_missing,
        max(deliveries.delivered_on) as last_delivered_on
    from occurrences
    inner join senders
        on occurrences.period = senders.period
        and occurrences.scheme = senders.scheme
        and occurrences.cadence = senders.cadence
    inner join {{ source('catalogue', 'cadence_recipients') }} as recipients
        on occurrences.scheme = recipients.scheme and occurrences.cadence = recipients.cadence
    left join {{ ref('stg_deliveries') }} as deliveries
        on occurrences.scheme = deliveries.scheme
        and occurrences.cadence = deliveries.cadence
        and occurrences.occurrence = deliveries.occurrence
        and senders.sender = deliveries.sender
        and recipients.recipient = deliveries.recipient
    group by
        occurrences.period, occurrences.scheme, occurrences.cadence, occurrences.occurrence, occurrences.opens_on,
        occurrences.due_on, occurrences.is_ahead, senders.sender, senders.sender_name, senders.division_code

),

judged as (

    select
        *,
        case when recipients_delivered = recipients_expected then last_delivered_on end as delivered_on,
        cast(cast('{{ var("as_of") }}' as timestamp) as date) as known_on
    from received

)

select
    judged.period,
    judged.scheme,
    judged.cadence,
    judged.occurrence,
    judged.sender,
    judged.sender_name,
    judged.division_code,
    judged.opens_on,
    judged.due_on,
    judged.is_ahead,
    judged.recipients_expected,
    judged.recipients_delivered,
    judged.recipients_missing,
    judged.delivered_on,
    case
        when judged.delivered_on <= judged.due_on then 'on_time'
        when judged.delivered_on is not null then 'late'
        when judged.due_on >= judged.known_on then 'not_due'
        when judged.recipients_delivered > 0 then 'partly'
        else 'missing'
    end as state,
    case
        when judged.delivered_on is not null
            then greatest({{ days_between('judged.due_on', 'judged.delivered_on') }}, 0)
        when judged.due_on < judged.known_on then {{ days_between('judged.due_on', 'judged.known_on') }}
    end as days_late,
    cadences.title,
    cadences.clause_id
from judged
inner join {{ source('catalogue', 'scheme_cadences') }} as cadences
    on judged.scheme = cadences.scheme and judged.cadence = cadences.cadence
