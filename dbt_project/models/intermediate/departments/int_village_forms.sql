-- One row per period and village: the forms it is asked for by the schemes in force there and those it gave, with their rows and
-- cells, and the cells its own report of the month before could have filled in.
-- Generated from the templates: what a village gave are the rows of the month's own files, in force, under its code.
-- depends_on: {{ ref('int_files_before') }}
{% set forms = catalogue_forms() %}
with villages as (

    select
        divisions.period,
        divisions.division_code as village_code
    from {{ ref('int_divisions') }} as divisions
    where divisions.level = 'village' and divisions.is_shown

),

own_files as (
{{ own_files() }}

),

given as (

    {% for form in forms %}
    select
        files.period,
        files.division_code as village_code,
        '{{ form.template }}' as template,
        count(*) as rows_given,
        {{ "count(before.period)" if form.standing else 0 }} as rows_known
    from {{ source('raw', form.template) }} as lake
    inner join own_files as files
        on lake.submission_id = files.submission_id
        and lake.{{ form.division }} = files.raw_code
        and files.template = '{{ form.template }}'
    {%- if form.standing %}
    left join (
        select distinct
            files.period
            {%- for key in form.key_columns %},
            {{ "files.division_code as village_code" if key == 'village_code' else 'lake.' ~ key }}
            {%- endfor %}
        from {{ source('raw', form.template) }} as lake
        inner join {{ ref('int_files_before') }} as files
            on lake.submission_id = files.submission_id
            and lake.{{ form.division }} = files.raw_code
            and files.template = '{{ form.template }}'
    ) as before
        on files.period = before.period
        {%- for key in form.key_columns %}
        and {{ 'files.division_code' if key == 'village_code' else 'lake.' ~ key }} = before.{{ key }}
        {%- endfor %}
    {%- endif %}
    group by files.period, files.division_code
    {{ "union all" if not loop.last }}
    {% endfor %}

),

columns_of as (

    select
        fields.template,
        {{ form_bit('max(templates.position)') }} as form_bit,
        count(*) as columns_asked,
        count(*) filter (where fields.is_standing) as columns_standing
    from {{ source('catalogue', 'template_fields') }} as fields
    inner join {{ source('catalogue', 'templates') }} as templates on fields.template = templates.template
    group by fields.template

),

asked_or_given as (

    select period, division_code as village_code, template, true as is_asked, 0 as rows_given, 0 as rows_known
    from {{ ref('int_asked_forms') }}

    union all

    select period, village_code, template, false, rows_given, rows_known
    from given

)

select
    forms.period,
    forms.village_code,
    bit_or(columns_of.form_bit) as form_set,
    count(*) filter (where forms.is_asked) as forms_asked,
    count(*) filter (where forms.rows_given > 0) as forms_given,
    cast(sum(forms.rows_given) as bigint) as rows_given,
    cast(sum(forms.rows_given * columns_of.columns_asked) as bigint) as cells_given,
    cast(sum(forms.rows_known * columns_of.columns_standing) as bigint) as cells_prefillable
from asked_or_given as forms
inner join villages on forms.period = villages.period and forms.village_code = villages.village_code
inner join columns_of on forms.template = columns_of.template
group by forms.period, forms.village_code
