{#- Generic tests, written here because the project depends on no package. Where each month is judged by itself
    (`months: own`), months taken over from a former build, which passed, are not judged again. -#}

{#- The columns together are unique; none of them is NULL unless listed in `nullable`. -#}
{% test unique_key(model, columns, nullable=[]) %}
{{ config(meta={'months': 'own'} if 'period' in columns or 'edition_period' in columns else {}) }}
with keys as (

    select
        {{ columns | join(', ') }},
        count(*) as copies
    from {{ model }}
    group by {{ columns | join(', ') }}

)

select *
from keys
where copies > 1
    {%- for column in columns if column not in nullable %}
    or {{ column }} is null
    {%- endfor %}
{% endtest %}

{#- Every value of the column is one of a closed list (NULL allowed). -#}
{% test closed_list(model, column_name, values) %}
{{ config(meta={'months': 'own'}) }}
select {{ column_name }}
from {{ model }}
where {{ column_name }} not in ({% for value in values %}'{{ value }}'{{ ", " if not loop.last }}{% endfor %})
{% endtest %}

{#- Every value of the column exists in another table's column. -#}
{% test exists_in(model, column_name, to, field) %}
{{ config(meta={'months': 'own'}) }}
select child.{{ column_name }}
from {{ model }} as child
left join {{ to }} as parent on child.{{ column_name }} = parent.{{ field }}
where child.{{ column_name }} is not null and parent.{{ field }} is null
{% endtest %}

{#- A condition that holds for every row. -#}
{% test holds(model, condition) %}
{{ config(meta={'months': 'own'}) }}
select *
from {{ model }}
where not ({{ condition }})
{% endtest %}
