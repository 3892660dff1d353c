{#- The lake's rows of a template, each with the periods and the division it speaks for (int_scope_newest). -#}
{% macro lake_in_force(template, division) %}
    from {{ source('raw', template) }} as lake
    inner join {{ ref('int_scope_newest') }} as newest
        on lake.submission_id = newest.submission_id
        and lake.{{ division }} = newest.raw_code
        and newest.template = '{{ template }}'
{%- endmacro %}

{#- What a month's own files speak for: rows of int_scope_newest whose submission is of the period itself, not of one before. -#}
{% macro own_files() %}
    select newest.*
    from {{ ref('int_scope_newest') }} as newest
    inner join {{ ref('stg_submissions') }} as submissions
        on newest.submission_id = submissions.submission_id and newest.period = submissions.period
{%- endmacro %}

{#- Columns with a comma behind each. -#}
{% macro listed(columns, of='') %}
        {%- for column in columns %}
        {{ of }}{{ column }},
        {%- endfor %}
{%- endmacro %}

{#- The lake's rows of a template with the columns asked for, under the division's code of the period. -#}
{% macro spoken_rows(template, division, columns) %}
    select
        newest.period,
        newest.division_code as {{ division }},
        {{- listed(columns, 'lake.') }}
        lake.submission_id,
        lake.row_number,
        lake.received_at
    {{- lake_in_force(template, division) }}
{%- endmacro %}

{#- Rows in force as of the edition's time.

    A row speaks where its submission is the newest that covers its division (int_scope_newest). One key in two places:
    the row received later counts; `copies` tells how many there were. Only the keys that stand in several places are
    put in order: to order all rows would cost more than everything else that is done with them.
    A table reads the lake once, because opening a month's files costs more than the rows of all but two templates. A view of those
    two reads it for each branch and has the repeated keys in a model of its own (`repeated`): what is named twice in a query keeps
    the engine from reading only the columns asked for. -#}

{% macro snapshot_in_force(template, division, key, columns, repeated=none) %}
{%- set spoken = '(' ~ spoken_rows(template, division, columns) ~ ') as spoken' if repeated else 'spoken' %}
{%- set same_key %}spoken.period = repeated.period and {{ key_hash(key) }} = repeated.key_hash{% endset %}
with
{%- if not repeated %} spoken as (
{{ spoken_rows(template, division, columns) }}

),

repeated as (

    select
        period,
        {{ key_hash(key) }} as key_hash
    from spoken
    group by period, {{ key_hash(key) }}
    having count(*) > 1

),

{% endif %} ranked as (

    select
        spoken.*,
        -- rank, not row_number: two villages that have become one stand side by side in one submission
        rank() over (partition by spoken.period, {{ key }} order by received_at desc, submission_id desc) as place,
        count(*) over (partition by spoken.period, {{ key }}) as copies
    from {{ spoken }}
    inner join {{ repeated or 'repeated' }} as repeated on {{ same_key }}

)

select
    spoken.period,
    {{ division }},
    {{- listed(columns) }}
    submission_id,
    row_number,
    cast(1 as bigint) as copies
from {{ spoken }}
left join {{ repeated or 'repeated' }} as repeated on {{ same_key }}
where repeated.key_hash is null

union all

select
    period,
    {{ division }},
    {{- listed(columns) }}
    submission_id,
    row_number,
    copies
from ranked
where place = 1
{% endmacro %}

{#- A journal's event counts from `effective_from` (the later of its file's period and its own month) until, where its key
    was handed in again later, the period of that other file (`effective_until`, exclusive). -#}

{% macro journal_in_force(template, division, key, event_date, columns) %}
with spoken as (
{{ spoken_rows(template, division, columns) }}

),

repeated as (

    select {{ key_hash(key) }} as key_hash
    from spoken
    group by {{ key_hash(key) }}
    having count(*) > 1

),

ordered as (

    select
        spoken.*,
        min(period) over (
            partition by {{ key }}
            order by received_at desc, submission_id desc, row_number
            rows between unbounded preceding and 1 preceding
        ) as effective_until,
        count(*) over (partition by {{ key }}) as copies
    from spoken
    inner join repeated on {{ key_hash(key) }} = repeated.key_hash

),

in_force as (

    select
        period as file_period,
        {{ division }},
        {{- listed(columns) }}
        submission_id,
        row_number,
        cast(null as string) as effective_until,
        cast(1 as bigint) as copies
    from spoken
    left join repeated on {{ key_hash(key) }} = repeated.key_hash
    where repeated.key_hash is null

    union all

    select
        period,
        {{ division }},
        {{- listed(columns) }}
        submission_id,
        row_number,
        effective_until,
        copies
    from ordered
    where effective_until is null or effective_until > period

)

select
    file_period,
    greatest(file_period, {{ month_of(event_date) }}) as effective_from,
    effective_until,
    {{ division }},
    {{- listed(columns) }}
    submission_id,
    row_number,
    copies
from in_force
{% endmacro %}

{#- Join condition: the journal's event counts at the period. -#}
{% macro counts_at(journal, periods) -%}
    {{ journal }}.effective_from <= {{ periods }}.period
        and ({{ journal }}.effective_until is null or {{ journal }}.effective_until > {{ periods }}.period)
{%- endmacro %}
