{{ config(meta={'months': 'own'}) }}
-- One row per period and household with persons: what its persons say of it, each rule true, false or unknown (NULL).
select
    period,
    household_id,
    count(*) as persons,
    case
        when count(case when is_labour then 1 end) > 0 then true
        when count(case when is_labour is null then 1 end) > 0 then null
        else false
    end as has_labour,
    case
        when count(case when is_labour and is_loan_age then 1 end) > 0 then true
        when count(case when is_labour is null and is_loan_age then 1 end) > 0 then null
        else false
    end as has_loan_age_labour,
    case
        when count(case when not medical_insured then 1 end) > 0 then false
        when count(case when medical_insured is null then 1 end) > 0 then null
        else true
    end as medical_ok,
    case
        when count(case when is_school_age and is_dropped_out then 1 end) > 0 then false
        when count(case when is_school_age and is_dropped_out is null then 1 end) > 0 then null
        else true
    end as education_ok,
    count(case when is_employed then 1 end) > 0 as has_employed,
    case
        when count(case when persons.has_safety_net then 1 end) > 0 then true
        when count(case when persons.has_safety_net is null then 1 end) > 0 then null
        else false
    end as has_safety_net
from {{ ref('int_persons') }} as persons
group by period, household_id
