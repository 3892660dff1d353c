-- One row per period and village: the sums that person indicators are made of.
with helped as (

    select
        period,
        household_id,
        registered
    from {{ ref('int_households') }}
    where registered or monitored

),

persons as (

    select
        persons.*,
        coalesce(helped.registered, false) as is_registered,
        helped.household_id is not null as is_supported
    from {{ ref('int_persons') }} as persons
    left join helped on persons.period = helped.period and persons.household_id = helped.household_id

)

select
    period,
    village_code as division_code,
    count(case when is_supported and is_school_age and not is_dropped_out and not is_exempt then 1 end)
        as enrolled_school_age,
    count(case when is_supported and is_school_age and not is_exempt then 1 end) as school_age_known,
    count(case when is_supported and is_school_age and is_dropped_out then 1 end) as dropped_out_persons,
    count(case when is_supported and medical_insured then 1 end) as insured_persons,
    count(case when is_supported and medical_insured is not null then 1 end) as insurance_known_persons,
    count(case when is_registered and is_working then 1 end) as working_persons,
    count(case when is_registered and is_migrant then 1 end) as migrant_persons,
    count(case when is_registered and is_migrant and organised_work then 1 end) as organised_migrants,
    count(case when is_registered and is_migrant and organised_work is not null then 1 end) as organised_known_migrants,
    count(case when is_registered and is_labour and trained then 1 end) as trained_labour,
    count(case when is_registered and is_labour and trained is not null then 1 end) as training_known_labour,
    count(case when public_job then 1 end) as public_job_persons,
    sum(case when is_registered and is_reimbursable then hospital_reimbursed end) as hospital_reimbursed_amount,
    sum(case when is_registered and is_reimbursable then hospital_cost end) as hospital_cost_amount,
    count(case when is_supported and is_chronic and family_doctor then 1 end) as family_doctor_persons,
    count(case when is_supported and is_chronic and family_doctor is not null then 1 end)
        as chronic_known_persons
from persons
group by period, village_code
