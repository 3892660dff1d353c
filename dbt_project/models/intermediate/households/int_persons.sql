{{ config(meta={'months': 'own'}) }}
-- One row per period and person: what is asked of a person, true, false or unknown (NULL), with ages taken at the period's end.
-- No texts beside the keys: of a country's persons they would be half the table. Of who it is only a hash of the identity number is
-- kept, to see whether it stands twice.
{% set p = parameters() %}
with aged as (

    select
        persons.*,
        {{ age_on('persons.birth_date', 'periods.last_day') }} as age
    from {{ ref('stg_persons') }} as persons
    inner join {{ ref('stg_periods') }} as periods on persons.period = periods.period

),

judged as (

    select
        *,
        -- a child is known not to belong to the labour force, whatever the form leaves blank
        case
            when age < {{ p.labour_age_from }} then false
            else labour in ('ordinary', 'skilled', 'partial')
        end as is_labour,
        age between {{ p.school_age_from }} and {{ p.school_age_to }} as is_school_age,
        age between {{ p.loan_age_from }} and {{ p.loan_age_to }} as is_loan_age,
        coalesce(work_place <> 'not_working', false) or coalesce(public_job, false) as is_employed,
        coalesce(work_place in ('county', 'province', 'out_of_province'), false) as is_migrant
    from aged

)

select
    period,
    village_code,
    household_id,
    case when id_number is not null then {{ key_hash('id_number') }} end as id_hash,
    is_labour,
    is_school_age,
    is_loan_age,
    is_employed,
    is_migrant,
    coalesce(work_place <> 'not_working', false) as is_working,
    schooling = 'dropped_out' as is_dropped_out,
    schooling = 'medically_exempt' as is_exempt,
    medical_insured,
    safety_net <> 'none' as has_safety_net,
    organised_work,
    public_job,
    trained,
    health = 'chronic' as is_chronic,
    family_doctor,
    health = 'severe' and hospital_cost > 0 and hospital_reimbursed is not null as is_reimbursable,
    hospital_cost,
    hospital_reimbursed
from judged
