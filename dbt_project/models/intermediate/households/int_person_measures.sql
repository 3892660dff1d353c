-- One row per period and village: the sums that person indicators are made of.
with persons as (

    select
        persons.*,
        coalesce(households.registered, false) as is_registered,
        coalesce(households.registered or households.monitored, false) as is_supported,
        persons.health = 'severe' and persons.hospital_cost > 0 and persons.hospital_reimbursed is not null
            as is_reimbursable
    from {{ ref('int_persons') }} as persons
    left join {{ ref('int_households') }} as households
        on persons.period = households.period and persons.household_id = households.household_id

)

select
    period,
    village_code as division_code,
    count(*) filter (
        where is_supported and is_school_age and schooling not in ('dropped_out', 'medically_exempt')
    ) as enrolled_school_age,
    count(*) filter (where is_supported and is_school_age and schooling <> 'medically_exempt') as school_age_known,
    count(*) filter (where is_supported and is_school_age and schooling = 'dropped_out') as dropped_out_persons,
    count(*) filter (where is_supported and medical_insured) as insured_persons,
    count(*) filter (where is_supported and medical_insured is not null) as insurance_known_persons,
    count(*) filter (where is_registered and is_working) as working_persons,
    count(*) filter (where is_registered and is_migrant) as migrant_persons,
    count(*) filter (where is_registered and is_migrant and organised_work) as organised_migrants,
    count(*) filter (where is_registered and is_migrant and organised_work is not null) as organised_known_migrants,
    count(*) filter (where is_registered and is_labour and trained) as trained_labour,
    count(*) filter (where is_registered and is_labour and trained is not null) as training_known_labour,
    count(*) filter (where public_job) as public_job_persons,
    sum(hospital_reimbursed) filter (where is_registered and is_reimbursable) as hospital_reimbursed_amount,
    sum(hospital_cost) filter (where is_registered and is_reimbursable) as hospital_cost_amount,
    count(*) filter (where is_supported and health = 'chronic' and family_doctor) as family_doctor_persons,
    count(*) filter (where is_supported and health = 'chronic' and family_doctor is not null) as chronic_known_persons
from persons
group by period, village_code
