-- The peers' work in SQL that Spark and ClickHouse both read; words in braces differ.
-- statement: members
select
    household_id,
    sum(case when birth_date <= {born_16} and labour in ('ordinary', 'skilled', 'partial') then 1 else 0 end) as labour_n,
    sum(case when birth_date <= {born_16} and labour is null then 1 else 0 end) as labour_unknown,
    sum(case when birth_date <= {born_18} and birth_date > {born_66} and labour in ('ordinary', 'skilled', 'partial')
        then 1 else 0 end) as loan_n,
    sum(case when birth_date <= {born_18} and birth_date > {born_66} and labour is null then 1 else 0 end) as loan_unknown,
    sum(case when not medical_insured then 1 else 0 end) as uninsured,
    sum(case when medical_insured is null then 1 else 0 end) as insured_unknown,
    sum(case when birth_date > {born_16} and birth_date <= {born_6} and schooling = 'dropped_out' then 1 else 0 end) as dropped,
    sum(case when birth_date > {born_16} and birth_date <= {born_6} and schooling is null then 1 else 0 end)
        as schooling_unknown,
    sum(case when coalesce(work_place <> 'not_working', false) or coalesce(public_job, false) then 1 else 0 end) as employed_n
from {persons}
group by household_id

-- statement: judged
with priced as (
    select
        *,
        wage_income + business_income + property_income + transfer_income - business_expense as net_income,
        cast((wage_income + business_income + property_income + transfer_income - business_expense) * 100 as bigint) as cents
    from {households}
),
joined as (
    select
        h.period as period, h.household_id as household_id, h.village_code as village_code, h.household_type as household_type,
        h.member_count as member_count, h.net_income as net_income, h.food_secure as food_secure,
        h.clothing_secure as clothing_secure, h.water_safe as water_safe, h.credit_rated as credit_rated,
        cast((case when h.cents < 0 then -1 else 1 end) * floor((2 * abs(h.cents) + h.member_count) / (2 * h.member_count))
            as decimal(21, 0)) * cast(0.01 as decimal(3, 2)) as per_capita,
        l.income_line,
        household_type in ('poor', 'exited', 'exited_unstable') or (
            household_type in ('sudden_hardship', 'general', 'marginal') and identified_year is not null
            and exit_year is not null) as registered,
        household_type in ('exited_unstable', 'marginal', 'sudden_hardship')
        and coalesce(monitored_on <= {last_day}, false) and not coalesce(risk_cleared_on <= {last_day}, false) as monitored,
        case when m.labour_n > 0 then true when m.labour_unknown > 0 then null when m.labour_n = 0 then false end as has_labour,
        case when m.loan_n > 0 then true when m.loan_unknown > 0 then null when m.loan_n = 0 then false end as has_loan_age,
        case when m.uninsured > 0 then false when m.insured_unknown > 0 then null when m.uninsured = 0 then true end as medical,
        case when m.dropped > 0 then false when m.schooling_unknown > 0 then null when m.dropped = 0 then true end as education,
        case when housing_repair = 'finished' then true when housing_grade in ('A', 'B') then true
            when housing_grade in ('C', 'D') then false end as housing,
        orchard_mu >= 2 * member_count or sows >= 2 or pigs >= 3 * member_count or chickens >= 200 or greenhouses >= 1
        or arch_sheds >= 2 as industry,
        m.employed_n
    from priced as h
    left join {lines} as l on h.village_code = l.village_code
    left join {members} as m on h.household_id = m.household_id
)
select
    period, household_id, village_code, household_type, member_count, registered, monitored, has_labour,
    per_capita as net_income_per_capita, net_income, food_secure, clothing_secure, water_safe, medical, education, housing,
    industry, employed_n, per_capita >= income_line as income,
    per_capita >= income_line and food_secure and clothing_secure and education and medical and housing and water_safe
        as exit_standard,
    (registered or household_type = 'marginal') and credit_rated and has_loan_age as loan_eligible
from joined

-- statement: fct_household
select
    period, household_id, village_code, household_type, member_count, registered, monitored, has_labour, net_income_per_capita,
    case when income then 'pass' when not income then 'fail' else 'unknown' end as income_ok,
    case when food_secure then 'pass' when not food_secure then 'fail' else 'unknown' end as food_ok,
    case when clothing_secure then 'pass' when not clothing_secure then 'fail' else 'unknown' end as clothing_ok,
    case when education then 'pass' when not education then 'fail' else 'unknown' end as education_ok,
    case when medical then 'pass' when not medical then 'fail' else 'unknown' end as medical_ok,
    case when housing then 'pass' when not housing then 'fail' else 'unknown' end as housing_ok,
    case when water_safe then 'pass' when not water_safe then 'fail' else 'unknown' end as water_ok,
    case when exit_standard then 'pass' when not exit_standard then 'fail' else 'unknown' end as exit_standard,
    case when industry then 'pass' when not industry then 'fail' else 'unknown' end as industry_ok,
    loan_eligible
from {judged}

-- statement: villages
select
    village_code as division_code,
    sum(case when household_type = 'poor' then member_count else 0 end) as poor_members,
    sum(case when household_type in ('exited', 'exited_unstable') then member_count else 0 end) as exited_members,
    coalesce(sum(case when registered then net_income end), 0) as registered_net_income,
    sum(case when registered then 1 else 0 end) as registered_households,
    sum(case when monitored then 1 else 0 end) as monitored_households,
    sum(case when registered and exit_standard then 1 else 0 end) as exit_standard_pass_households,
    sum(case when registered and exit_standard is not null then 1 else 0 end) as exit_standard_known_households,
    sum(case when registered and has_labour then 1 else 0 end) as labour_households,
    sum(case when registered and has_labour and employed_n > 0 then 1 else 0 end) as employed_households,
    sum(case when (registered or monitored) and housing then 1 else 0 end) as housing_pass_households,
    sum(case when registered and has_labour and industry then 1 else 0 end) as industry_pass_households
from {judged}
group by village_code
