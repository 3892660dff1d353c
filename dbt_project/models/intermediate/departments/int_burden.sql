-- One row per period and village: the forms it is asked for by the schemes in force there and those it gave, their cells, the
-- columns asked in more than one of them, and the cells its own report of the month before could have filled in.
-- Generated from the templates: what a village gave are the rows of the month's own files, in force, under its code.
{% set forms = catalogue_forms() %}
with villages as (

    select
        divisions.period,
        divisions.division_code as village_code
    from {{ ref('int_divisions') }} as divisions
    where divisions.level = 'village' and divisions.is_shown

),

own_files as (

    select
        newest.template,
        newest.period,
        newest.raw_code,
        newest.division_code,
        newest.submission_id
    from {{ ref('int_scope_newest') }} as newest
    inner join {{ ref('stg_submissions') }} as submissions
        on newest.submission_id = submissions.submission_id and newest.period = submissions.period

),

{% for form in forms %}
rows_{{ form.template }} as (

    select
        own_files.period,
        own_files.division_code as village_code
        {%- for key in form.key_columns if key != 'village_code' %},
        lake.{{ key }}
        {%- endfor %}
    from {{ source('raw', form.template) }} as lake
    inner join own_files
        on lake.submission_id = own_files.submission_id
        and lake.{{ form.division }} = own_files.raw_code
        and own_files.template = '{{ form.template }}'

),

{% endfor %}
given as (

    {% for form in forms %}
    select
        given.period,
        given.village_code,
        '{{ form.template }}' as template,
        count(*) as rows_given,
        {% if form.standing -%}
        count(before.period)
        {%- else -%}
        0
        {%- endif %} as rows_known
    from rows_{{ form.template }} as given
    {% if form.standing -%}
    left join (
        select distinct period, {{ form.key_columns | join(', ') }}
        from rows_{{ form.template }}
    ) as before
        on {{ add_months_to('given.period', -1) }} = before.period
        {%- for key in form.key_columns %}
        and given.{{ key }} = before.{{ key }}
        {%- endfor %}
    {%- endif %}
    group by given.period, given.village_code
    {{ "union all" if not loop.last }}
    {% endfor %}

),

asked as (

    select distinct
        scheme_periods.period,
        pairs.division_code as village_code,
        scheme_templates.template
    from {{ ref('int_scheme_periods') }} as scheme_periods
    inner join {{ ref('int_division_pairs') }} as pairs
        on scheme_periods.period = pairs.period and scheme_periods.division_code = pairs.ancestor_code
    inner join {{ source('catalogue', 'scheme_templates') }} as scheme_templates
        on scheme_periods.scheme = scheme_templates.scheme

),

columns_of as (

    select
        template,
        count(*) as columns_asked,
        count(*) filter (where is_standing) as columns_standing
    from {{ source('catalogue', 'template_fields') }}
    group by template

),

forms_of as (

    select
        coalesce(asked.period, given.period) as period,
        coalesce(asked.village_code, given.village_code) as village_code,
        coalesce(asked.template, given.template) as template,
        asked.template is not null as is_asked,
        coalesce(given.rows_given, 0) as rows_given,
        coalesce(given.rows_known, 0) as rows_known
    from asked
    full join given
        on asked.period = given.period
        and asked.village_code = given.village_code
        and asked.template = given.template

),

summed as (

    select
        forms_of.period,
        forms_of.village_code,
        {{ joined_text('forms_of.template') }} as form_set,
        count(*) filter (where forms_of.is_asked) as forms_asked,
        count(*) filter (where forms_of.rows_given > 0) as forms_given,
        cast(sum(forms_of.rows_given) as bigint) as rows_given,
        cast(sum(forms_of.rows_given * columns_of.columns_asked) as bigint) as cells_given,
        cast(sum(forms_of.rows_known * columns_of.columns_standing) as bigint) as cells_prefillable
    from forms_of
    inner join villages on forms_of.period = villages.period and forms_of.village_code = villages.village_code
    inner join columns_of on forms_of.template = columns_of.template
    group by forms_of.period, forms_of.village_code

),

-- villages share a handful of sets of forms: the columns of each set are compared once
form_sets as (

    select distinct form_set
    from summed

),

columns_in as (

    select
        form_sets.form_set,
        fields.title,
        count(*) as times_asked
    from form_sets
    inner join {{ source('catalogue', 'template_fields') }} as fields
        on '、' || form_sets.form_set || '、' like '%、' || fields.template || '、%'
    group by form_sets.form_set, fields.title

),

repeated as (

    select
        form_set,
        count(*) as columns_asked,
        count(*) filter (where times_asked > 1) as columns_repeated
    from columns_in
    group by form_set

)

select
    summed.period,
    summed.village_code,
    summed.forms_asked,
    summed.forms_given,
    repeated.columns_asked,
    repeated.columns_repeated,
    summed.rows_given,
    summed.cells_given,
    summed.cells_prefillable
from summed
inner join repeated on summed.form_set = repeated.form_set
