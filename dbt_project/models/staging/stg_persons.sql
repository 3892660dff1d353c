{{ config(materialized='view') }}
-- One row per period and person in force, as known at the edition's time. A view: its readers need few columns each.
{{ snapshot_in_force(
    template='persons',
    division='village_code',
    key='person_id',
    repeated=ref('stg_persons_repeated'),
    columns=[
        'household_id',
        'person_id',
        'name',
        'id_number',
        'birth_date',
        'gender',
        'relationship',
        'health',
        'labour',
        'schooling',
        'medical_insured',
        'safety_net',
        'work_place',
        'work_months',
        'organised_work',
        'public_job',
        'trained',
        'family_doctor',
        'hospital_cost',
        'hospital_reimbursed',
    ]
) }}
