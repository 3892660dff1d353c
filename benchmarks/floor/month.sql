-- One month of a whole home by hand, for the floor: household, village, roll-up, exit, funds, scores, ranks, rewards.
-- It may assume what the product may not: the first month reported, every template there for every village, nothing corrected,
-- no code changed, no key in two places. Words in braces are filled in.

create temp table places as
select division_code as code, level, village_type, rpad(left(division_code, 2), 12, '0') as p2,
    rpad(left(division_code, 4), 12, '0') as p4, rpad(left(division_code, 6), 12, '0') as p6,
    rpad(left(division_code, 9), 12, '0') as p9
from read_parquet('{lake}/divisions/period=*/*.parquet');

-- the nearest division upward with a row for the year or an earlier one, its latest such row
create temp table standards as
with found as (
    select places.code, s.standard, s.value,
        row_number() over (partition by places.code, s.standard
            order by length(rtrim(coalesce(s.division_code, ''), '0')) desc, s.from_year desc) as place
    from places
    inner join read_parquet('{catalogue}/standards.parquet') as s
        on (s.division_code is null or starts_with(places.code, rtrim(s.division_code, '0')))
        and s.from_year <= {year} and (s.class is null or s.class = places.village_type)
    where places.level = 'village'
)
select code, max(value) filter (standard = 'income_line') as income_line,
    max(value) filter (standard = 'monitoring_line') as monitoring_line,
    max(value) filter (standard = 'incidence_ceiling') as incidence_ceiling,
    max(value) filter (standard = 'collective_income') as collective_standard
from found where place = 1 group by code;

-- persons are read once and summed by household: ages are compared as birth dates
create temp table members as
with persons as (
    select
        household_id,
        case when birth_date > date '{born_16}' then false else labour in ('ordinary', 'skilled', 'partial') end as is_labour,
        birth_date > date '{born_16}' and birth_date <= date '{born_6}' as school_age,
        birth_date <= date '{born_18}' and birth_date > date '{born_66}' as loan_age,
        schooling, medical_insured, safety_net, work_place, organised_work, public_job, trained, health, family_doctor,
        hospital_cost, hospital_reimbursed,
        coalesce(work_place in ('county', 'province', 'out_of_province'), false) as is_migrant
    from read_parquet('{lake}/persons/period={period}/*.parquet')
)
select
    household_id,
    count_if(is_labour) as labour,
    count_if(is_labour is null) as labour_unknown,
    count_if(is_labour and loan_age) as loan_labour,
    count_if(is_labour is null and loan_age) as loan_unknown,
    count_if(not medical_insured) as uninsured,
    count(*) - count(medical_insured) as insured_unknown,
    count(*) as persons,
    count_if(school_age and schooling = 'dropped_out') as dropped_out,
    count_if(school_age and schooling is null) as schooling_unknown,
    count_if(coalesce(work_place <> 'not_working', false) or coalesce(public_job, false)) as employed,
    count_if(safety_net <> 'none') as netted,
    count_if(safety_net is null) as net_unknown,
    count_if(school_age and schooling not in ('dropped_out', 'medically_exempt')) as enrolled,
    count_if(school_age and schooling <> 'medically_exempt') as school_age_known,
    count_if(coalesce(work_place <> 'not_working', false)) as working,
    count_if(is_migrant) as migrants,
    count_if(is_migrant and organised_work) as organised,
    count_if(is_migrant and organised_work is not null) as organised_known,
    count_if(is_labour and trained) as trained,
    count_if(is_labour and trained is not null) as trained_known,
    count_if(public_job) as public_jobs,
    sum(case when health = 'severe' and hospital_cost > 0 and hospital_reimbursed is not null then hospital_reimbursed end)
        as reimbursed,
    sum(case when health = 'severe' and hospital_cost > 0 and hospital_reimbursed is not null then hospital_cost end) as cost,
    count_if(health = 'chronic' and family_doctor) as family_doctor,
    count_if(health = 'chronic' and family_doctor is not null) as chronic_known
from persons
group by household_id;

create temp table visited as
select household_id, count_if(visited_on >= date '{first_day}') as visits,
    count_if(visitor_role = 'helper') as helper_visits
from read_parquet('{lake}/visits/period={period}/*.parquet')
where visited_on <= date '{last_day}'
group by household_id;

create temp table borrowers as
select distinct household_id from read_parquet('{lake}/loans/period={period}/*.parquet') where balance > 0;

create temp table households as
with terms as (
    select
        h.*,
        wage_income + business_income + property_income + transfer_income - business_expense as net_income,
        household_type in ('poor', 'exited', 'exited_unstable') or (
            household_type in ('sudden_hardship', 'general', 'marginal') and identified_year is not null
            and exit_year is not null) as registered,
        household_type in ('exited_unstable', 'marginal', 'sudden_hardship')
        and coalesce(monitored_on <= date '{last_day}', false) and not coalesce(risk_cleared_on <= date '{last_day}', false)
            as monitored,
        case when housing_repair = 'finished' or housing_grade in ('A', 'B') then true
            when housing_grade in ('C', 'D') then false end as housing_ok,
        (orchard_mu >= 2 * member_count) or (sows >= 2) or (pigs >= 3 * member_count) or (chickens >= 200)
        or (greenhouses >= 1) or (arch_sheds >= 2) as industry_ok
    from read_parquet('{lake}/households/period={period}/*.parquet') as h
),
priced as (
    select *, cast(sign(net_income) * ((2 * cast(abs(net_income) * 100 as bigint) + member_count) // (2 * member_count))
        as decimal(18, 0)) * cast(0.01 as decimal(3, 2)) as per_capita
    from terms
),
joined as (
    select
        p.*, s.monitoring_line, per_capita >= s.income_line as income_ok, m.persons, m.enrolled, m.school_age_known, m.dropped_out,
        m.uninsured, m.insured_unknown, m.working, m.migrants, m.organised, m.organised_known, m.trained, m.trained_known,
        m.public_jobs, m.reimbursed, m.cost, m.family_doctor, m.chronic_known,
        case when m.labour > 0 then true when m.labour_unknown > 0 then null when m.persons > 0 then false end as has_labour,
        case when m.loan_labour > 0 then true when m.loan_unknown > 0 then null when m.persons > 0 then false end as has_loan_age,
        case when m.uninsured > 0 then false when m.insured_unknown > 0 then null when m.persons > 0 then true end as medical_ok,
        case when m.dropped_out > 0 then false when m.schooling_unknown > 0 then null when m.persons > 0 then true end
            as education_ok,
        case when m.persons > 0 then m.employed > 0 end as has_employed,
        case when m.netted > 0 then true when m.net_unknown > 0 then null when m.persons > 0 then false end as has_net,
        coalesce(v.visits > 0, false) as is_visited, coalesce(v.helper_visits, 0) as helper_visits,
        b.household_id is not null as is_borrower
    from priced as p
    left join standards as s on p.village_code = s.code
    left join members as m on p.household_id = m.household_id
    left join visited as v on p.household_id = v.household_id
    left join borrowers as b on p.household_id = b.household_id
)
select
    period, household_id, village_code, household_type, member_count, planned_exit_year, exit_year, monitored_on,
    risk_cleared_on, registered, monitored, net_income, per_capita, monitoring_line, measure_count, file_complete,
    helper_name is not null as has_helper, enterprise_linked, dividend, has_labour, has_employed, has_net, income_ok,
    food_secure, clothing_secure, education_ok, medical_ok, housing_ok, water_safe, industry_ok, is_visited, helper_visits,
    is_borrower, persons, enrolled, school_age_known, dropped_out, uninsured, insured_unknown, working, migrants, organised,
    organised_known, trained, trained_known, public_jobs, reimbursed, cost, family_doctor, chronic_known,
    registered or monitored as supported,
    income_ok and food_secure and clothing_secure and education_ok and medical_ok and housing_ok and water_safe as exit_ok,
    (registered or household_type = 'marginal') and credit_rated and has_loan_age as loan_eligible
from joined;

create table fct_household as
select period, household_id, village_code, household_type, member_count, registered, monitored, has_labour,
    per_capita as net_income_per_capita,
    {verdicts}
    loan_eligible
from households;

create temp table village_people as
select
    village_code as code,
    sum(case when household_type = 'poor' then member_count end) as poor_members,
    sum(case when household_type in ('exited', 'exited_unstable') then member_count end) as exited_members,
    sum(case when household_type = 'exited_unstable' and monitored then member_count end) as unstable_members,
    sum(case when household_type = 'marginal' and monitored then member_count end) as marginal_members,
    sum(case when household_type = 'sudden_hardship' and monitored then member_count end) as sudden_members,
    sum(case when registered then member_count end) as registered_members,
    sum(case when planned_exit_year = {year} then member_count end) as planned_exit_members,
    sum(case when planned_exit_year = {year} and exit_year <= {year} then member_count end) as planned_exit_done_members,
    sum(case when registered then net_income end) as registered_net_income,
    sum(case when registered and net_income is not null then member_count end) as registered_income_members,
    count_if(registered and income_ok) as registered_income_pass,
    count_if(registered and income_ok is not null) as registered_income_known,
    count_if(registered and food_secure and clothing_secure) as registered_worries_pass,
    count_if(registered and food_secure is not null and clothing_secure is not null) as registered_worries_known,
    count_if(supported and housing_ok) as housing_pass_households,
    count_if(supported and not housing_ok) as housing_fail_households,
    count_if(supported and housing_ok is not null) as housing_known_households,
    count_if(supported and water_safe) as water_pass_households,
    count_if(supported and water_safe is not null) as water_known_households,
    count_if(registered and exit_ok) as exit_standard_pass_households,
    count_if(registered and exit_ok is not null) as exit_standard_known_households,
    count_if(monitored) as monitored_households,
    count_if(monitored_on <= date '{last_day}' and risk_cleared_on <= date '{last_day}') as risk_cleared_households,
    count_if(monitored_on <= date '{last_day}') as ever_monitored_households,
    count_if(monitored and measure_count >= 1) as measured_monitored_households,
    count_if(monitored and measure_count is not null) as measure_known_households,
    count_if(household_type <> 'poor' and not monitored and per_capita < monitoring_line) as unmonitored_below_line_households,
    count_if(registered and file_complete) as file_complete_households,
    count_if(registered and file_complete is not null) as file_known_households,
    count_if(registered and has_helper) as helper_households,
    count_if(registered) as registered_households,
    count_if(supported and is_visited) as visited_households,
    count_if(supported) as visitable_households,
    count_if(monitored and is_visited) as visited_monitored_households,
    count_if(registered and helper_visits >= {month} // 2) as visit_pace_households,
    count_if(registered and has_labour and industry_ok) as industry_pass_households,
    count_if(registered and has_labour and industry_ok is not null) as industry_known_households,
    count_if(registered and enterprise_linked) as linked_households,
    count_if(registered and enterprise_linked is not null) as linkage_known_households,
    count_if(registered and enterprise_linked and dividend >= 2000) as dividend_pass_households,
    count_if(registered and enterprise_linked and dividend is not null) as dividend_known_households,
    count_if(registered and has_labour and has_employed) as employed_households,
    count_if(registered and has_labour and not has_employed) as unemployed_households,
    count_if(registered and has_labour) as labour_households,
    count_if(registered and not has_labour and has_net) as safety_net_households,
    count_if(registered and not has_labour and has_net is not null) as safety_net_known_households,
    sum(case when supported then enrolled end) as enrolled_school_age,
    sum(case when supported then school_age_known end) as school_age_known,
    sum(case when supported then dropped_out end) as dropped_out_persons,
    sum(case when supported then persons - uninsured - insured_unknown end) as insured_persons,
    sum(case when supported then persons - insured_unknown end) as insurance_known_persons,
    sum(case when registered then working end) as working_persons,
    sum(case when registered then migrants end) as migrant_persons,
    sum(case when registered then organised end) as organised_migrants,
    sum(case when registered then organised_known end) as organised_known_migrants,
    sum(case when registered then trained end) as trained_labour,
    sum(case when registered then trained_known end) as training_known_labour,
    sum(public_jobs) as public_job_persons,
    sum(case when registered then reimbursed end) as hospital_reimbursed_amount,
    sum(case when registered then cost end) as hospital_cost_amount,
    sum(case when supported then family_doctor end) as family_doctor_persons,
    sum(case when supported then chronic_known end) as chronic_known_persons,
    count_if(loan_eligible and household_type <> 'marginal' and is_borrower) as lending_eligible_households,
    count_if(loan_eligible and household_type <> 'marginal') as loan_eligible_households,
    count_if(loan_eligible and household_type = 'marginal' and is_borrower) as lending_eligible_marginal,
    count_if(loan_eligible and household_type = 'marginal') as loan_eligible_marginal
from households
group by village_code;

create temp table village_rows as
select
    v.*, s.collective_standard, s.incidence_ceiling,
    road and drinking_water and power and culture_centre and clinic and broadband and broadcast as seven_ok,
    road is not null and drinking_water is not null and power is not null and culture_centre is not null
    and clinic is not null and broadband is not null and broadcast is not null as seven_known,
    environment and housing_done and village_office as three_ok,
    environment is not null and housing_done is not null and village_office is not null as three_known
from read_parquet('{lake}/villages/period={period}/*.parquet') as v
left join standards as s on v.village_code = s.code;

create temp table receipts as
select receipt_id, division_code, fund_year, source_level, fund_type, amount, received_on,
    issued_on + 60 as due_60_on,
    source_level in ('central', 'province') as from_above,
    source_level in ('central', 'province') and fund_type in ('linkage', 'special_relief') as is_linkage,
    source_level = 'central' and advance as is_advance,
    source_level = 'central' and fund_type = 'linkage' as is_central_linkage,
    fund_type = 'east_west' as is_east_west,
    fund_year = {year} as this_year
from read_parquet('{lake}/fund_receipts/period={period}/*.parquet')
where issued_on <= date '{last_day}';

create temp table allocations as
select a.allocation_id, a.project_id, a.division_code, a.amount, a.allocated_on, r.* exclude (division_code, amount)
from read_parquet('{lake}/fund_allocations/period={period}/*.parquet') as a
inner join receipts as r on a.receipt_id = r.receipt_id
where a.allocated_on <= date '{last_day}';

create temp table payments as
select p.division_code, p.amount, p.documented, a.project_id, a.receipt_id, a.fund_year, a.source_level, a.fund_type,
    a.is_linkage, a.this_year
from read_parquet('{lake}/fund_payments/period={period}/*.parquet') as p
inner join allocations as a on p.allocation_id = a.allocation_id
where p.paid_on <= date '{last_day}';

create temp table projects as
with allocated as (
    select project_id, bool_or(is_east_west) as has_east_west, min(received_on) filter (is_east_west) as received_on
    from allocations group by project_id
),
paid as (
    select project_id, case when count_if(not documented) > 0 then false when count_if(documented is null) > 0 then null
        else true end as all_documented
    from payments group by project_id
),
start_days as (
    select received.day, min(due.day) as start_due_on
    from read_parquet('{catalogue}/workdays.parquet') as received
    inner join read_parquet('{catalogue}/workdays.parquet') as due
        on due.is_workday and due.workday_number = received.workday_number + 30
    group by received.day
)
select
    p.*, coalesce(started_on <= date '{last_day}', false) as is_started,
    coalesce(finished_on <= date '{last_day}', false) as is_finished,
    coalesce(accepted_on <= date '{last_day}', false) as is_accepted, project_year = {year} as this_year,
    allocated.project_id is not null as is_allocated, coalesce(has_east_west, false) as has_east_west,
    case when paid.project_id is null and allocated.project_id is not null then true else all_documented end as all_documented,
    start_due_on,
    case when coalesce(finished_on <= date '{last_day}', false) then 1 else progress end as real_progress,
    case when planned_start is null or planned_finish is null then null
        when date '{last_day}' < planned_start then 0 when date '{last_day}' >= planned_finish then 1
        else cast((date_diff('day', planned_start, date '{last_day}') * 1000000000000)
            // date_diff('day', planned_start, planned_finish) as decimal(18, 0)) * cast(0.000000000001 as decimal(13, 12))
    end as planned_progress
from read_parquet('{lake}/projects/period={period}/*.parquet') as p
left join allocated on p.project_id = allocated.project_id
left join paid on p.project_id = paid.project_id
left join start_days on allocated.received_on = start_days.day;

create temp table own_sums as
with receipt_use as (
    select r.*, coalesce(a.allocated_within, 0) as allocated_within
    from receipts as r
    left join (
        select receipt_id, sum(amount) filter (allocated_on <= due_60_on) as allocated_within from allocations group by receipt_id
    ) as a on r.receipt_id = a.receipt_id
),
received as (
    select division_code as code,
        sum(amount) filter (this_year) as issued_this_year,
        sum(amount) filter (this_year and is_advance) as issued_central_advance,
        sum(amount) filter (this_year and is_linkage) as issued_linkage,
        sum(amount) filter (this_year and is_central_linkage) as issued_central_linkage,
        sum(amount) filter (this_year and is_east_west) as issued_east_west,
        sum(amount) filter (this_year and from_above and due_60_on <= date '{last_day}') as issued_prompt_due,
        sum(least(allocated_within, amount)) filter (this_year and from_above and due_60_on <= date '{last_day}')
            as allocated_promptly,
        sum(amount) filter (fund_year = {year} - 1) as issued_last_year,
        sum(amount) filter (fund_year < {year} - 1) as issued_older_years
    from receipt_use group by division_code
),
allocated as (
    select a.division_code as code,
        sum(amount) filter (a.this_year) as allocated_this_year,
        sum(amount) filter (a.this_year and is_advance) as allocated_central_advance,
        sum(amount) filter (a.this_year and is_linkage) as allocated_linkage,
        sum(amount) filter (a.this_year and is_east_west) as allocated_east_west,
        sum(amount) filter (a.this_year and is_central_linkage and p.category = 'industry') as allocated_to_industry,
        sum(amount) filter (p.this_year and p.is_accepted) as allocated_accepted_projects,
        sum(amount) filter (p.this_year and p.work_relief and p.wages_paid is not null) as allocated_work_relief
    from allocations as a left join projects as p on a.project_id = p.project_id
    group by a.division_code
),
paid as (
    select y.division_code as code,
        sum(amount) filter (y.this_year) as paid_this_year,
        sum(amount) filter (y.this_year and is_linkage) as paid_linkage,
        sum(amount) filter (y.this_year and documented) as paid_documented,
        sum(amount) filter (y.this_year and documented is not null) as paid_documented_known,
        sum(amount) filter (y.fund_year = {year} - 1) as paid_last_year,
        sum(amount) filter (y.fund_year < {year} - 1) as paid_older_years,
        sum(amount) filter (p.this_year and p.is_accepted) as paid_accepted_projects
    from payments as y left join projects as p on y.project_id = p.project_id
    group by y.division_code
),
project_sums as (
    select division_code as code,
        count(*) as projects_this_year,
        count_if(is_allocated) as allocated_projects,
        count_if(is_allocated and is_started) as started_allocated_projects,
        count_if(is_finished) as finished_projects,
        count_if(is_finished and is_accepted) as accepted_finished_projects,
        count_if(planned_finish < date '{last_day}' and not is_finished) as overdue_projects,
        sum(cast(planned_amount as decimal(20, 2)) * cast(real_progress - planned_progress as decimal(18, 12)))
            filter (real_progress is not null and planned_progress is not null) as schedule_variance_amount,
        sum(planned_amount) filter (real_progress is not null and planned_progress is not null) as scheduled_amount,
        count_if(announced_on <= date '{last_day}'
            and (not is_accepted or completion_announced_on <= date '{last_day}')) as announced_projects,
        count_if(has_east_west) as east_west_projects,
        count_if(has_east_west and is_started) as started_east_west_projects,
        count_if(has_east_west and is_finished and all_documented) as completed_east_west_projects,
        count_if(has_east_west and (is_finished and all_documented) is not null) as completion_known_east_west_projects,
        count_if(has_east_west and start_due_on <= date '{last_day}') as start_due_east_west_projects,
        count_if(has_east_west and start_due_on <= date '{last_day}' and started_on <= start_due_on)
            as promptly_started_east_west_projects,
        sum(wages_paid) filter (work_relief) as work_relief_wages
    from projects where this_year group by division_code
),
loan_sums as (
    select village_code as code,
        sum(amount) filter (balance > 0) as outstanding_loan_amount,
        count(distinct household_id) filter (balance > 0) as outstanding_loan_households,
        sum(overdue) as loan_overdue_amount,
        sum(balance) filter (classification in ('substandard', 'doubtful', 'loss')) as loan_npl_amount,
        sum(balance) as loan_balance_amount
    from read_parquet('{lake}/loans/period={period}/*.parquet') group by village_code
),
issues as (
    select division_code as code,
        count_if(found_on <= date '{last_day}') as found_issues,
        count_if(found_on <= date '{last_day}' and closed_on <= date '{last_day}') as closed_issues,
        count_if(due_on < date '{last_day}' and not coalesce(closed_on <= date '{last_day}', false)) as overdue_issues
    from read_parquet('{lake}/rectifications/period={period}/*.parquet') group by division_code
),
asset_sums as (
    select division_code as code, sum(original_value) as asset_value,
        sum(original_value) filter (titled) as titled_asset_value,
        sum(original_value) filter (status in ('idle', 'damaged')) as idle_asset_value,
        count(*) as asset_count, count(keeper) as kept_assets,
        sum(distributed) filter (category = 'operating' and annual_income is not null) as distributed_income,
        sum(annual_income) filter (category = 'operating' and distributed is not null) as distributable_income
    from read_parquet('{lake}/assets/period={period}/*.parquet') group by division_code
),
triples as (
    select village_code as code,
        count_if(coalesce(system_value, form_value, card_value) is not null) as triple_compared,
        count_if(system_value = form_value and form_value = card_value) as triple_matched
    from read_parquet('{lake}/triple_checks/period={period}/*.parquet') group by village_code
),
inspected as (
    select division_code as code,
        sum(wrong_exits) filter (exited_sampled is not null) as wrong_exits,
        sum(exited_sampled) filter (wrong_exits is not null) as exited_sampled,
        sum(missed) filter (unregistered_sampled is not null) as missed_persons,
        sum(unregistered_sampled) filter (missed is not null) as unregistered_sampled,
        sum(satisfied) filter (responses is not null) as satisfied_responses,
        sum(responses) filter (satisfied is not null) as satisfaction_responses,
        sum(identified_correctly) filter (households_sampled is not null) as identified_correctly,
        sum(households_sampled) filter (identified_correctly is not null) as households_sampled,
        sum(fields_matched) filter (fields_checked is not null) as fields_matched,
        sum(fields_checked) filter (fields_matched is not null) as fields_checked
    from read_parquet('{lake}/inspections/period={period}/*.parquet') group by division_code
),
teams as (
    select village_code as code, count(*) as team_members, count_if(days >= 20) as attending_team_members
    from read_parquet('{lake}/team_attendance/period={period}/*.parquet') group by village_code
),
due as (
    select places.code, case when village_type in ('poor', 'deeply_poor') then 3
        when village_type = 'non_poor' and registered_members > 100 then 2 end as members_due
    from places left join village_people on places.code = village_people.code where level = 'village'
)
select
    places.*, s1.* exclude (code), s2.* exclude (code), s3.* exclude (code), s4.* exclude (code), s5.* exclude (code),
    s6.* exclude (code), s7.* exclude (code), s8.* exclude (code), s9.* exclude (code), s10.* exclude (code), s11.* exclude (code),
    coalesce(s2.issued_last_year, 0) - coalesce(s4.paid_last_year, 0) as surplus_last_year,
    coalesce(s2.issued_older_years, 0) - coalesce(s4.paid_older_years, 0) as surplus_older_years,
    case when coalesce(s11.team_members, 0) >= members_due then 1 else 0 end as staffed_villages,
    case when members_due is not null then 1 else 0 end as team_due_villages,
    v.rural_population,
    case when seven_known and seven_ok then 1 else 0 end as seven_items_villages,
    case when seven_known then 1 else 0 end as seven_items_known_villages,
    case when seven_known and three_known and seven_ok and three_ok then 1 else 0 end as ten_items_villages,
    case when seven_known and three_known then 1 else 0 end as ten_items_known_villages,
    v.collective_income as collective_income_amount,
    case when v.collective_income >= collective_standard then 1 else 0 end as collective_income_pass_villages,
    case when v.collective_income is not null and collective_standard is not null then 1 else 0 end
        as collective_income_known_villages,
    case when v.pv_income is not null then v.pv_wage end as pv_wage_amount,
    case when v.pv_wage is not null then v.pv_income end as pv_income_amount
from places
left join village_people as s1 on places.code = s1.code
left join received as s2 on places.code = s2.code
left join allocated as s3 on places.code = s3.code
left join paid as s4 on places.code = s4.code
left join project_sums as s5 on places.code = s5.code
left join loan_sums as s6 on places.code = s6.code
left join issues as s7 on places.code = s7.code
left join asset_sums as s8 on places.code = s8.code
left join triples as s9 on places.code = s9.code
left join inspected as s10 on places.code = s10.code
left join teams as s11 on places.code = s11.code
left join due on places.code = due.code
left join village_rows as v on places.code = v.village_code;

-- up the tree in one pass over the prefixes; hundredths as integers, so that a ratio is a division of integers
create temp table sums as
with rolled as (
    select coalesce(p2, p4, p6, p9, code) as code,
        case when p2 is not null then 'province' when p4 is not null then 'prefecture' when p6 is not null then 'county'
            when p9 is not null then 'township' else 'village' end as level,
        count_if(own_sums.level = 'village') as villages,
        sum(schedule_variance_amount) as schedule_variance_amount,
        {sums}
    from own_sums
    group by grouping sets ((p2), (p4), (p6), (p9), (code))
)
select rolled.* from rolled inner join places on rolled.code = places.code and rolled.level = places.level;

create table fct_indicator as
with long as (
    select code, level, villages, indicator_code, n, d
    from (select code, level, villages, {wide} from sums)
    unpivot include nulls ((n, d) for indicator_code in ({unpivoted}))
),
known as (
    select code, level, indicator_code, d is not null or indicator_code in ({ratios}) as is_ratio,
        indicator_code in ({of_villages}) and villages = 0 or indicator_code in ({absent}) as is_missing, coalesce(n, 0) as n, coalesce(d, 0) as d
    from long
),
divided as (
    select *, n // nullif(d, 0) as q0, n % nullif(d, 0) * 10000 as r1, r1 // nullif(d, 0) as q1,
        r1 % nullif(d, 0) * 10000 as r2, r2 // nullif(d, 0) as q2, r2 % nullif(d, 0) * 10000 as r3, r3 // nullif(d, 0) as q3
    from known
)
select
    '{period}' as period, code as division_code, level, indicator_code,
    case when not is_missing then cast(cast(n as decimal(18, 0)) * cast(0.01 as decimal(3, 2)) as decimal(38, 10)) end as numerator,
    case when is_ratio and not is_missing
        then cast(cast(d as decimal(18, 0)) * cast(0.01 as decimal(3, 2)) as decimal(38, 10)) end as denominator,
    case when is_missing then null
        when is_ratio then cast(q0 as decimal(38, 12))
            + cast(cast(q1 * 100000000 + q2 * 10000 + q3 as decimal(13, 0)) * cast(0.000000000001 as decimal(13, 12))
                as decimal(38, 12))
        else cast(cast(n as decimal(18, 0)) * cast(0.01 as decimal(3, 2)) as decimal(38, 12)) end as value,
    cast(case when is_missing then 0 else 1 end as decimal(38, 12)) as coverage,
    case when is_missing then 'missing' when is_ratio and d = 0 then 'not_applicable' else 'value' end as state,
    cast(null as decimal(38, 12)) as previous_value, cast(null as decimal(38, 12)) as year_ago_value
from divided;

create table fct_village_exit as
with items as (
    select v.village_code as code, unnest([
        struct_pack(item := 'incidence', value := i.value, threshold := cast(v.incidence_ceiling as decimal(38, 12)),
            ok := case when i.value is not null then i.numerator < v.incidence_ceiling * i.denominator end),
        {facilities}
        struct_pack(item := 'collective_income', value := cast(collective_income as decimal(38, 12)),
            threshold := cast(collective_standard as decimal(38, 12)), ok := collective_income >= collective_standard),
        struct_pack(item := 'main_industry', value := null, threshold := null, ok := main_industry <> '无')
    ], recursive := true)
    from village_rows as v
    left join fct_indicator as i on v.village_code = i.division_code and i.indicator_code = 'poverty_incidence'
),
whole as (
    select code, item, value, threshold, ok from items
    union all
    select code, 'overall', cast(count_if(ok) as decimal(38, 12)), cast(count(*) as decimal(38, 12)),
        case when count_if(not ok) > 0 then false when count(*) = count(ok) then true end
    from items group by code
)
select '{period}' as period, code as village_code, item, value, threshold,
    case when ok then 'pass' when not ok then 'fail' else 'unknown' end as result
from whole;

create table fct_fund as
with moves as (
    select division_code, fund_year, source_level, fund_type, amount as issued, null as allocated, null as paid, null as documented
    from receipts
    union all by name
    select division_code, fund_year, source_level, fund_type, amount as allocated from allocations
    union all by name
    select division_code, fund_year, source_level, fund_type, amount as paid, case when documented then amount end as documented
    from payments
),
own as (
    select division_code, fund_year, source_level, fund_type, sum(issued) as issued, sum(allocated) as allocated, sum(paid) as paid,
        sum(documented) as documented
    from moves group by all
),
up as (
    select unnest(list_distinct([p2, p4, p6, p9, code])) as code, own.*
    from own inner join places on own.division_code = places.code
)
select '{period}' as period, up.code as division_code, places.level, fund_year, source_level, fund_type,
    coalesce(sum(issued), 0) as issued, coalesce(sum(allocated), 0) as allocated, coalesce(sum(paid), 0) as paid,
    coalesce(sum(documented), 0) as documented, coalesce(sum(issued), 0) - coalesce(sum(paid), 0) as surplus
from up inner join places on up.code = places.code
group by up.code, places.level, fund_year, source_level, fund_type;

create table fct_ranking as
with weights as (
    select * from (values ('insurance_rate', 25), ('housing_rate', 20), ('water_rate', 15), ('attendance_rate', 20),
        ('archive_rate', 20), ('collective_income', null)) as t (indicator_code, weight)
),
scored as (
    select 'villages' as ranking, i.division_code as code,
        case when village_type = 'non_poor' then 'others' else 'poor' end as class,
        case when count(case when weight > 0 then value end) = 5 then round(cast(sum(
            case when weight > 0 then cast(value as decimal(18, 10)) * cast(weight as decimal(9, 4)) end
        ) as decimal(38, 10)), 2) end as score,
        max(case when weight is null then value end) as tie, cast(null as decimal(38, 10)) as n, cast(null as decimal(38, 10)) as d
    from fct_indicator as i
    inner join weights on i.indicator_code = weights.indicator_code
    inner join places on i.division_code = places.code
    where i.level = 'village'
    group by all
    union all by name
    select 'monthly-expenditure' as ranking, division_code as code, 'all' as class,
        round(cast(value * 100 as decimal(38, 10)), 2) as score, numerator as n, denominator as d
    from fct_indicator where level = '{ranked}' and indicator_code = 'linkage_expenditure_rate'
),
placed as (
    select *, 'bench-' || left(code, {root_digits}) as scheme,
        rank() over (partition by left(code, {root_digits}), ranking, class, score is not null order by score desc, tie desc)
            as place,
        rank() over (partition by left(code, {root_digits}), ranking, class, score is not null order by score asc, tie asc)
            as from_bottom,
        count(score) over (partition by left(code, {root_digits}), ranking, class) as units
    from scored
),
better as (
    select scheme, ranking, class, place, lag(max(score)) over (partition by scheme, ranking, class order by place) as above
    from placed where score is not null group by scheme, ranking, class, place
)
select
    p.scheme, p.ranking, '{period}' as edition_period, cast(null as varchar) as round_code, p.class, code as division_code, score,
    case when score is null then 'not_assessed' else 'ranked' end as state,
    case when score is not null then p.place end as rank, case when score is not null then from_bottom end as rank_from_bottom,
    units as ranked_units, above - score as gap_to_next, n as score_numerator, d as score_denominator
from placed as p
left join better as b on p.scheme = b.scheme and p.ranking = b.ranking and p.class = b.class and p.place = b.place
    and score is not null;

create table fct_action as
select scheme, ranking, edition_period, division_code, replace(scheme, 'bench-', 'B') || '-04' as clause_id, 'top_3' as trigger, 'village_funds' as object,
    'reward' as kind, 30000 as amount, 'proposed' as state
from fct_ranking where ranking = 'villages' and rank <= 3
union all by name
select scheme, ranking, edition_period, division_code, replace(scheme, 'bench-', 'B') || '-04' as clause_id, 'last_3' as trigger, 'village_funds' as object,
    'deduction' as kind, -5000 as amount, 'proposed' as state
from fct_ranking where ranking = 'villages' and rank_from_bottom <= 3;
