{#- The lake's rows of a template, each with the periods and the division it speaks for (int_scope_newest). -#}
{% macro lake_in_force(template, division) %}
    from {{ source('raw', template) }} as lake
    inner join {{ ref('int_scope_newest') }} as newest
        on lake.submission_id = newest.submission_id
        and lake.{{ division }} = newest.raw_code
        and newest.template = '{{ template }}'
{%- endmacro %}

{#- Columns with a comma behind each. -#}
{% macro listed(columns, of='') %}
        {%- for column in columns %}
        {{ of }}{{ column }},
        {%- endfor %}
{%- endmacro %}

{#- Rows in force as of the edition's time.

    A row speaks where its submission is the newest that covers its division (int_scope_newest). One key in two places:
    the row received later counts; `copies` tells how many there were. Only the keys that stand in several places are
    put in order: to order all rows would cost more than everything else that is done with them. A view has them in a model of
    its own (`repeated`): what is named twice in a query keeps the engine from reading only the columns asked for. -#}

{% macro repeated_keys(template, division, key) %}
    select
        newest.period,
        {{ key_hash(key) }} as key_hash
    {{- lake_in_force(template, division) }}
    group by newest.period, {{ key_hash(key) }}
    having count(*) > 1
{% endmacro %}

{% macro snapshot_in_force(template, division, key, columns, repeated=none) %}
{%- set lake = lake_in_force(template, division) %}
{%- set same_key %}newest.period = repeated.period and {{ key_hash(key) }} = repeated.key_hash{% endset %}
with
{%- if not repeated %} repeated as (
{{ repeated_keys(template, division, key) }}
),

{% endif %} ranked as (

    select
        newest.period,
        newest.division_code as {{ division }},
        {{- listed(columns, 'lake.') }}
        lake.submission_id,
        lake.row_number,
        -- rank, not row_number: two villages that have become one stand side by side in one submission
        rank() over (
            partition by newest.period, {{ key }} order by lake.received_at desc, lake.submission_id desc
        ) as place,
        count(*) over (partition by newest.period, {{ key }}) as copies
    {{- lake }}
    inner join {{ repeated or 'repeated' }} as repeated on {{ same_key }}

)

select
    newest.period,
    newest.division_code as {{ division }},
    {{- listed(columns, 'lake.') }}
    lake.submission_id,
    lake.row_number,
    cast(1 as bigint) as copies
{{- lake }}
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
{%- set lake = lake_in_force(template, division) %}
with repeated as (

    select {{ key_hash(key) }} as key_hash
    {{- lake }}
    group by {{ key_hash(key) }}
    having count(*) > 1

),

ordered as (

    select
        newest.period as file_period,
        newest.division_code as {{ division }},
        {{- listed(columns, 'lake.') }}
        lake.submission_id,
        lake.row_number,
        min(newest.period) over (
            partition by {{ key }}
            order by lake.received_at desc, lake.submission_id desc, lake.row_number
            rows between unbounded preceding and 1 preceding
        ) as effective_until,
        count(*) over (partition by {{ key }}) as copies
    {{- lake }}
    inner join repeated on {{ key_hash(key) }} = repeated.key_hash

),

in_force as (

    select
        newest.period as file_period,
        newest.division_code as {{ division }},
        {{- listed(columns, 'lake.') }}
        lake.submission_id,
        lake.row_number,
        cast(null as string) as effective_until,
        cast(1 as bigint) as copies
    {{- lake }}
    left join repeated on {{ key_hash(key) }} = repeated.key_hash
    where repeated.key_hash is null

    union all

    select
        file_period,
        {{ division }},
        {{- listed(columns) }}
        submission_id,
        row_number,
        effective_until,
        copies
    from ordered
    where effective_until is null or effective_until > file_period

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
