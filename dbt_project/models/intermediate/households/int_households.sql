{{ config(meta={'months': 'own'}) }}
-- One row per period and household: the derived terms (registered, monitored, income, the exit standard …), three-valued.
{% set p = parameters() %}
with incomes as (

    select
        households.*,
        -- wider than each of the five: what is absurd is told, and must not end the build
        cast(wage_income as decimal(20, 2)) + business_income + property_income + transfer_income - business_expense
            as net_income
    from {{ ref('stg_households') }} as households

),

termed as (

    select
        incomes.*,
        {{ half_up_cents('incomes.net_income', 'incomes.member_count') }} as net_income_per_capita,
        incomes.household_type in ('poor', 'exited', 'exited_unstable')
        or (
            incomes.household_type in ('sudden_hardship', 'general', 'marginal')
            and incomes.identified_year is not null
            and incomes.exit_year is not null
        ) as registered,
        incomes.household_type in ('exited_unstable', 'marginal', 'sudden_hardship')
        and coalesce(incomes.monitored_on <= periods.last_day, false)
        and not coalesce(incomes.risk_cleared_on <= periods.last_day, false) as monitored,
        periods.period_year,
        periods.last_day,
        standards.income_line,
        standards.monitoring_line,
        case
            when incomes.housing_repair = 'finished' then true
            when incomes.housing_grade in ('A', 'B') then true
            when incomes.housing_grade in ('C', 'D') then false
        end as housing_ok,
        -- any one of the six is enough; SQL's own three-valued `or` gives unknown only where none is met and one is blank
        (orchard_mu >= {{ p.industry_orchard_mu_per_member }} * member_count)
        or (sows >= {{ p.industry_sows }})
        or (pigs >= {{ p.industry_pigs_per_member }} * member_count)
        or (chickens >= {{ p.industry_chickens }})
        or (greenhouses >= {{ p.industry_greenhouses }})
        or (arch_sheds >= {{ p.industry_arch_sheds }}) as industry_ok
    from incomes
    inner join {{ ref('stg_periods') }} as periods on incomes.period = periods.period
    left join {{ ref('int_division_standards') }} as standards
        on incomes.period = standards.period and incomes.village_code = standards.division_code

),

-- what a household's own row says, before what its persons say: so that little is carried through the join with them
alone as (

    select
        period,
        village_code,
        household_id,
        head_id_number,
        copies,
        household_type,
        member_count,
        planned_exit_year,
        exit_year,
        registered,
        monitored,
        net_income,
        net_income_per_capita,
        monitoring_line,
        net_income_per_capita >= income_line as income_ok,
        food_secure as food_ok,
        clothing_secure as clothing_ok,
        housing_ok,
        water_safe as water_ok,
        industry_ok,
        (registered or household_type = 'marginal') and credit_rated as is_creditworthy,
        enterprise_linked,
        dividend,
        file_complete,
        helper_name is not null as has_helper,
        measure_count,
        monitored_on,
        risk_cleared_on,
        risk_type,
        period_year,
        last_day
    from termed

)

select
    alone.*,
    members.persons,
    members.has_labour,
    members.has_employed,
    members.has_safety_net,
    members.education_ok,
    members.medical_ok,
    income_ok and food_ok and clothing_ok and members.education_ok and members.medical_ok and housing_ok and water_ok
        as exit_standard,
    is_creditworthy and members.has_loan_age_labour as loan_eligible
from alone
left join {{ ref('int_household_members') }} as members
    on alone.period = members.period and alone.household_id = members.household_id
