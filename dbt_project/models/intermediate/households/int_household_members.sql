{{ config(meta={'months': 'own'}) }}
-- One row per period and household with persons: what its persons say of it, each rule true, false or unknown (NULL).
select
    period,
    household_id,
    count(*) as persons,
    case
        when count(*) filter (where is_labour) > 0 then true
        when count(*) filter (where is_labour is null) > 0 then null
        else false
    end as has_labour,
    case
        when count(*) filter (where is_labour and is_loan_age) > 0 then true
        when count(*) filter (where is_labour is null and is_loan_age) > 0 then null
        else false
    end as has_loan_age_labour,
    case
        when count(*) filter (where not medical_insured) > 0 then false
        when count(*) filter (where medical_insured is null) > 0 then null
        else true
    end as medical_ok,
    case
        when count(*) filter (where is_school_age and schooling = 'dropped_out') > 0 then false
        when count(*) filter (where is_school_age and schooling is null) > 0 then null
        else true
    end as education_ok,
    count(*) filter (where is_employed) > 0 as has_employed,
    case
        when count(*) filter (where safety_net <> 'none') > 0 then true
        when count(*) filter (where safety_net is null) > 0 then null
        else false
    end as has_safety_net
from {{ ref('int_persons') }}
group by period, household_id
