-- One row per period and village: its forms, rows and cells, and the columns asked in more than one of its forms.
with villages as (

    select *
    from {{ ref('int_village_forms') }}

),

-- villages share a handful of sets of forms: the columns of each set are compared once
form_sets as (

    select distinct form_set
    from villages

),

columns_in as (

    select
        form_sets.form_set,
        fields.title,
        count(*) as times_asked
    from form_sets
    inner join {{ source('catalogue', 'templates') }} as templates
        on form_sets.form_set & {{ form_bit('templates.position') }} <> 0
    inner join {{ source('catalogue', 'template_fields') }} as fields on templates.template = fields.template
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
    villages.period,
    villages.village_code,
    villages.forms_asked,
    villages.forms_given,
    repeated.columns_asked,
    repeated.columns_repeated,
    villages.rows_given,
    villages.cells_given,
    villages.cells_prefillable
from villages
inner join repeated on villages.form_set = repeated.form_set
