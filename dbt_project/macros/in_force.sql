{#- Rows in force as of the edition's time.

    A row speaks where its submission is the newest that covers its division (int_scope_newest). One key in two places:
    the row received later counts; `copies` tells how many there were. -#}

{% macro snapshot_in_force(template, division, key, columns) %}
with in_force as (

    select
        newest.period,
        newest.division_code as {{ division }},
        {%- for column in columns %}
        lake.{{ column }},
        {%- endfor %}
        lake.submission_id,
        lake.row_number,
        -- rank, not row_number: two villages that have become one stand side by side in one submission
        rank() over (
            partition by newest.period, {{ key }} order by lake.received_at desc, lake.submission_id desc
        ) as place,
        count(*) over (partition by newest.period, {{ key }}) as copies
    from {{ source('raw', template) }} as lake
    inner join {{ ref('int_scope_newest') }} as newest
        on lake.submission_id = newest.submission_id
        and lake.{{ division }} = newest.raw_code
        and newest.template = '{{ template }}'

)

select
    period,
    {{ division }},
    {%- for column in columns %}
    {{ column }},
    {%- endfor %}
    submission_id,
    row_number,
    copies
from in_force
where place = 1
{% endmacro %}

{#- A journal's event counts from `effective_from` (the later of its file's period and its own month) until, where its key
    was handed in again later, the period of that other file (`effective_until`, exclusive). -#}

{% macro journal_in_force(template, division, key, event_date, columns) %}
with in_force as (

    select
        newest.period as file_period,
        newest.division_code as {{ division }},
        {%- for column in columns %}
        lake.{{ column }},
        {%- endfor %}
        lake.submission_id,
        lake.row_number,
        min(newest.period) over (
            partition by {{ key }}
            order by lake.received_at desc, lake.submission_id desc, lake.row_number
            rows between unbounded preceding and 1 preceding
        ) as effective_until,
        count(*) over (partition by {{ key }}) as copies
    from {{ source('raw', template) }} as lake
    inner join {{ ref('int_scope_newest') }} as newest
        on lake.submission_id = newest.submission_id
        and lake.{{ division }} = newest.raw_code
        and newest.template = '{{ template }}'

)

select
    file_period,
    greatest(file_period, {{ month_of(event_date) }}) as effective_from,
    effective_until,
    {{ division }},
    {%- for column in columns %}
    {{ column }},
    {%- endfor %}
    submission_id,
    row_number,
    copies
from in_force
where effective_until is null or effective_until > file_period
{% endmacro %}

{#- Join condition: the journal's event counts at the period. -#}
{% macro counts_at(journal, periods) -%}
    {{ journal }}.effective_from <= {{ periods }}.period
        and ({{ journal }}.effective_until is null or {{ journal }}.effective_until > {{ periods }}.period)
{%- endmacro %}
