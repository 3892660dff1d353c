-- What each template's file holds: one section a template, its columns in the lake's order after the four of every file
-- (submission_id, row_number, received_at, period). Everything follows from hash(number, seed), so that a seed gives the same
-- rows whatever the order files are written in. `slot(h, n)` is the n-th of six numbers 0..1023 in a hash.
-- Names and identity numbers are invented: no one's number begins with 99.

-- template: divisions
select
    row_number() over (order by code) as row_number,
    code as division_code,
    name,
    level,
    case when code = scope() then null else parent_code end as parent_code,
    case when level = 'village' then village_type(code) end as village_type,
    case when level = 'village' and village_type(code) <> 'non_poor' then cast(2019 as integer) end as planned_exit_year,
    cast(null as varchar) as predecessor_code,
    cast(null as date) as valid_from,
    cast(null as date) as valid_to
from divisions
where starts_with(code, scope_prefix())
order by code

-- template: households
select
    row_number,
    village_code,
    household_id,
    '村民' || household as head_name,
    id_number(household * 10, born(hash(household * 10, seed()), 0)) as head_id_number,
    '1990000' || lpad(cast(household % 10000 as varchar), 4, '0') as phone,
    household_type,
    member_count,
    case when household_type <> 'general' then cast(2014 + slot(a, 2) % 5 as integer) end as identified_year,
    case when household_type = 'poor' then cast(this_year() as integer) end as planned_exit_year,
    case when household_type in ('exited', 'exited_unstable') and slot(a, 2) < 1020
        then cast(2016 + slot(a, 2) % 5 as integer) end as exit_year,
    case when household_type <> 'general' then
        ['illness', 'disability', 'schooling', 'no_labour', 'no_skill', 'no_capital', 'other'][1 + slot(a, 3) % 7] end
        as poverty_cause,
    case when slot(b, 0) <> 1 then money(slot(b, 0) * 4099 + slot(c, 0) * 113) end as wage_income,
    money(slot(b, 1) * 1709 + slot(c, 1) * 37) as business_income,
    money(slot(b, 2) * 97) as property_income,
    money(120000 + slot(b, 3) * 389) as transfer_income,
    money(slot(b, 1) * 503) as business_expense,
    slot(b, 4) <> 3 as food_secure,
    slot(b, 4) <> 4 as clothing_secure,
    slot(b, 4) > 9 as water_safe,
    case when slot(a, 4) < 4 then 'D' when slot(a, 4) < 14 then 'C' when slot(a, 4) < 500 then 'B' else 'A' end
        as housing_grade,
    case when slot(a, 4) >= 14 then 'none_needed' when slot(c, 2) < 700 then 'finished' else 'in_progress' end
        as housing_repair,
    slot(a, 5) < 90 as relocated,
    cast(slot(b, 5) % 13 as decimal(24, 6)) as orchard_mu,
    cast(slot(b, 5) % 3 as bigint) as sows,
    cast(slot(b, 5) % 17 as bigint) as pigs,
    cast(slot(b, 5) % 230 as bigint) as chickens,
    cast(case when slot(b, 5) < 60 then 1 else 0 end as bigint) as greenhouses,
    cast(slot(b, 5) % 4 as bigint) as arch_sheds,
    slot(a, 5) % 3 > 0 as enterprise_linked,
    money(slot(a, 5) * 307) as dividend,
    slot(a, 5) % 5 > 0 as credit_rated,
    slot(c, 3) > 20 as file_complete,
    '帮扶单位' || (village_number % 97) as support_unit,
    case when slot(c, 3) > 5 then '帮扶人' || (household // 12) end as helper_name,
    cast(slot(c, 4) % 6 as bigint) as measure_count,
    case when is_watched then ['illness', 'schooling', 'accident', 'other'][1 + slot(a, 3) % 4] end as risk_type,
    case when is_watched then monitored_on end as monitored_on,
    case when is_watched and monitored_on + 60 + slot(b, 3) < last_day() and slot(b, 3) < 400
        then monitored_on + 60 + slot(b, 3) end as risk_cleared_on
from scoped_households

-- template: persons
with members as (

    select *, hash(household * 10 + member, seed()) as p, hash(household * 10 + member, seed() + month_number()) as q
    from (select *, unnest(range(member_count)) as member from scoped_households)

),

aged as (

    select *, age_2020(p, member) as age_2020
    from members

)

select
    row_number * 6 + member as row_number,
    village_code,
    household_id,
    household_id || cast(member + 1 as varchar) as person_id,
    '村民' || household || '之' || (member + 1) as name,
    id_number(household * 10 + member, born(p, member)) as id_number,
    born(p, member) as birth_date,
    case when (slot(p, 2) + member) % 2 = 0 then 'male' else 'female' end as gender,
    ['head', 'spouse', 'child', 'child', 'parent', 'parent'][1 + member] as relationship,
    case when slot(p, 3) < 850 then 'healthy' when slot(p, 3) < 950 then 'chronic' when slot(p, 3) < 985 then 'severe'
        else 'disabled' end as health,
    case when age_2020 < 16 then 'none' when age_2020 > 65 then 'lost' when slot(p, 4) < 700 then 'ordinary'
        when slot(p, 4) < 800 then 'skilled' when slot(p, 4) < 1000 then 'partial' when slot(p, 4) < 1020 then 'lost' end
        as labour,
    case
        when age_2020 between 6 and 15 then
            case when slot(q, 0) < 3 then 'dropped_out' when slot(q, 0) < 6 then 'medically_exempt'
                when age_2020 < 12 then 'primary' else 'lower_secondary' end
        when age_2020 < 4 then 'preschool'
        when age_2020 between 16 and 18 then 'upper_secondary'
        else 'not_enrolled'
    end as schooling,
    slot(q, 1) > 4 as medical_insured,
    case when slot(p, 5) < 120 then 'subsistence_allowance' when slot(p, 5) < 140 then 'extreme_poverty_support'
        else 'none' end as safety_net,
    case when age_2020 between 18 and 62 then
        ['township', 'county', 'province', 'out_of_province', 'not_working'][1 + slot(q, 2) % 5] else 'not_working' end
        as work_place,
    cast(case when age_2020 between 18 and 62 then slot(q, 2) % 12 else 0 end as bigint) as work_months,
    slot(q, 3) % 4 > 0 as organised_work,
    slot(q, 3) < 30 as public_job,
    slot(q, 4) % 3 > 0 as trained,
    slot(q, 4) > 60 as family_doctor,
    case when slot(p, 3) between 950 and 984 then money(500000 + slot(q, 5) * 3001) end as hospital_cost,
    case when slot(p, 3) between 950 and 984 then money((500000 + slot(q, 5) * 3001) * 9 // 10) end as hospital_reimbursed
from aged

-- template: villages
select
    row_number() over (order by village_number) + 1 as row_number,
    village_code,
    cast(households * 4 as bigint) as rural_households,
    cast(households * 14 as bigint) as rural_population,
    slot(a, 0) > 5 as road,
    slot(a, 0) > 7 as drinking_water,
    true as power,
    slot(a, 0) <> 30 as culture_centre,
    slot(a, 0) <> 31 as clinic,
    case when slot(a, 0) <> 32 then true end as broadband,
    true as broadcast,
    slot(c, 0) > 40 as environment,
    slot(c, 0) > 20 as housing_done,
    slot(c, 0) > 10 as village_office,
    case when slot(a, 1) < 20 then '无' else '产业' || (slot(a, 1) % 9) end as main_industry,
    money((slot(a, 2) + 100) * 700 * month_of_year() + slot(c, 1) * 11) as collective_income,
    money(slot(a, 3) * 113 * month_of_year()) as pv_income,
    money(slot(a, 3) * 113 * month_of_year() * 8 // 10) as pv_wage
from (
    select *, hash(village_number, seed() + 7) as a, hash(village_number, seed() + 7 + month_number()) as c
    from scoped_villages
)
order by village_number

-- template: projects
select
    row_number() over (order by project) + 1 as row_number,
    division_code,
    project_id,
    '项目' || project as name,
    ['industry', 'infrastructure', 'public_service', 'other'][1 + slot(a, 1) % 4] as category,
    ['direct_relief', 'award_for_subsidy', 'industry', 'construction'][1 + slot(a, 1) % 4] as funding_form,
    cast(this_year() as integer) as project_year,
    '第' || (1 + slot(a, 2) % 3) || '批' as batch,
    '实施单位' || slot(a, 2) as implementer,
    '主管部门' || (slot(a, 2) % 8) as department,
    amount as planned_amount,
    planned_start,
    planned_finish,
    case when started_on <= last_day() then started_on end as started_on,
    case when finished_on <= last_day() then finished_on end as finished_on,
    case when finished_on + 20 <= last_day() then finished_on + 20 end as accepted_on,
    planned_start - 20 as announced_on,
    case when finished_on + 25 <= last_day() then finished_on + 25 end as completion_announced_on,
    cast(least(greatest(date_diff('day', started_on, last_day()), 0)
        / greatest(date_diff('day', started_on, finished_on), 1), 1) as decimal(12, 8)) as progress,
    slot(a, 5) % 9 = 0 as work_relief,
    case when slot(a, 5) % 9 = 0 then cast(amount * 0.22 as decimal(18, 2)) end as wages_paid
from scoped_projects
order by project

-- template: fund_receipts
select
    row_number() over (order by receipt) + 1 as row_number,
    unit_code as division_code,
    receipt_id,
    '财农〔' || this_year() || '〕' || receipt || '号' as document_no,
    cast(this_year() as integer) as fund_year,
    ['central', 'province', 'prefecture', 'county'][1 + receipt % 4] as source_level,
    ['linkage', 'linkage', 'east_west', 'integrated_agriculture'][1 + slot(a, 0) % 4] as fund_type,
    receipt % 6 = 0 as advance,
    issued_on,
    issued_on + 7 as received_on,
    money(20000000 + slot(a, 1) * 40000) as amount
from scoped_receipts
where issued_on between journal_from() and last_day()
order by receipt

-- template: fund_allocations
select
    row_number() over (order by project) + 1 as row_number,
    division_code,
    'A' || project_id as allocation_id,
    receipt_id,
    project_id,
    allocated_on,
    allocated_on + 5 as filed_on,
    amount
from scoped_projects
where allocated_on between journal_from() and last_day()
order by project

-- template: fund_payments
select
    row_number() over (order by project, payment) + 1 as row_number,
    division_code,
    'P' || payment || project_id as payment_id,
    'A' || project_id as allocation_id,
    allocated_on + 30 * payment + slot(a, 4) % 20 as paid_on,
    ['advance', 'progress', 'final'][payment] as payment_type,
    cast(amount * 0.3 as decimal(18, 2)) as amount,
    slot(a, 3) > 15 as documented
from (select *, cast(unnest(range(1, 4)) as integer) as payment from scoped_projects)
where allocated_on + 30 * payment + slot(a, 4) % 20 between journal_from() and last_day()
order by project, payment

-- template: inspections
select
    row_number() over (order by village_number) + 1 as row_number,
    village_code as division_code,
    'R' || this_month() as round_code,
    'third_party' as inspector,
    last_day() - 3 as inspected_on,
    cast(40 as bigint) as exited_sampled,
    cast(case when slot(c, 2) < 60 then 1 else 0 end as bigint) as wrong_exits,
    cast(30 as bigint) as unregistered_sampled,
    cast(case when slot(c, 3) < 40 then 1 else 0 end as bigint) as missed,
    cast(50 as bigint) as responses,
    cast(45 + slot(c, 4) % 6 as bigint) as satisfied,
    cast(20 as bigint) as households_sampled,
    cast(19 + slot(c, 4) % 2 as bigint) as identified_correctly,
    cast(200 as bigint) as fields_checked,
    cast(190 + slot(c, 5) % 11 as bigint) as fields_matched,
    cast(80 + slot(c, 4) % 2000 / 100 as decimal(24, 6)) as score,
    cast(null as bigint) as ranked_units,
    cast(null as bigint) as official_rank
from (select *, hash(village_number, seed() + 13 + month_number()) as c from scoped_villages)
where slot(c, 0) < 100
order by village_number

-- template: visits
select
    row_number() over (order by household) + 1 as row_number,
    village_code,
    'V' || this_month() || household_id as visit_id,
    household_id,
    first_day() + slot(c, 4) % 28 as visited_on,
    ['helper', 'team', 'village_committee'][1 + slot(c, 3) % 3] as visitor_role,
    '走访人' || (household // 12) as visitor,
    slot(c, 4) < 30 as problem_found
from scoped_households
where slot(c, 5) < 100
order by household

-- template: team_attendance
select
    row_number() over (order by village_number, member) + 1 as row_number,
    village_code,
    'T' || village_code || member as member_id,
    '队员' || (village_number * 3 + member) as member_name,
    '派出单位' || (village_number % 53) as unit,
    ['first_secretary', 'leader', 'member'][member] as post,
    cast(16 + hash(village_number * 3 + member, seed() + month_number()) % 14 as bigint) as days
from (select *, unnest(range(1, 3 + village_number % 2)) as member from scoped_villages)
order by village_number, member

-- template: loans
select
    row_number() over (order by household) + 1 as row_number,
    village_code,
    'L' || household_id as loan_id,
    household_id,
    make_date(2020, 1 + slot(a, 2) % 12, 15) as lent_on,
    make_date(2022, 1 + slot(a, 3) % 12, 15) as due_on,
    money(5000000) as amount,
    money(case when slot(a, 3) < 300 then 0 else 5000000 end) as balance,
    money(case when slot(a, 3) between 300 and 320 then 1000000 else 0 end) as overdue,
    case when slot(a, 3) between 300 and 310 then 'substandard' else 'normal' end as classification
from scoped_households
where slot(b, 5) % 13 = 0 and household_type <> 'general'
order by household

-- template: rectifications
select
    row_number() over (order by village_number) + 1 as row_number,
    village_code as division_code,
    'Q' || village_code as issue_id,
    ['province_assessment', 'audit', 'supervision', 'self_check'][1 + slot(a, 1) % 4] as source,
    '问题类别' || (slot(a, 1) % 6) as category,
    first_day() - slot(a, 2) as found_on,
    '责任单位' || (slot(a, 3) % 12) as unit,
    first_day() - slot(a, 2) + 90 as due_on,
    case when slot(a, 4) < 800 then first_day() - slot(a, 2) + 10 + slot(a, 4) % 80 end as closed_on
from (select *, hash(village_number, seed() + 17) as a from scoped_villages)
where slot(a, 0) < 170
order by village_number

-- template: assets
select
    row_number() over (order by village_number) + 1 as row_number,
    village_code as division_code,
    'Z' || village_code as asset_id,
    '资产' || village_number as name,
    ['operating', 'public_benefit', 'household'][1 + slot(a, 0) % 3] as category,
    cast(2015 + slot(a, 1) % 6 as integer) as formed_year,
    money(10000000 + slot(a, 1) * 9000) as original_value,
    slot(a, 2) > 40 as titled,
    case when slot(a, 2) > 20 then '管护人' || village_number end as keeper,
    money(slot(a, 3) * 700) as annual_income,
    money(slot(a, 3) * 600) as distributed,
    case when slot(a, 4) < 30 then 'idle' else 'in_use' end as status
from (select *, hash(village_number, seed() + 19) as a from scoped_villages)
order by village_number

-- template: triple_checks
select
    row_number() over (order by household) + 1 as row_number,
    village_code,
    household_id,
    '家庭人口' as field,
    cast(member_count as varchar) as system_value,
    cast(member_count as varchar) as form_value,
    cast(case when slot(c, 2) < 30 then member_count + 1 else member_count end as varchar) as card_value
from scoped_households
where slot(c, 5) >= 984
order by household

-- template: reported_statistics
select
    row_number() over (order by county_code, code) + 1 as row_number,
    county_code as division_code,
    code as indicator_code,
    cast(1000 + slot(hash(county_code, code, seed() + month_number()), 0) as decimal(24, 6)) as numerator,
    cast(null as decimal(24, 6)) as denominator,
    '某局' as unit
from scoped_counties, (select unnest(['new_labor_transfer', 'area_tea', 'new_toilets', 'pig_stock']) as code)
order by county_code, code

-- template: task_targets
select
    row_number() over (order by county_code, code) + 1 as row_number,
    county_code as division_code,
    code as indicator_code,
    cast(2000 as decimal(24, 6)) as target,
    make_date(this_year(), 12, 31) as due_on,
    '某局' as unit
from scoped_counties, (select unnest(['new_labor_transfer', 'area_tea', 'new_toilets', 'pig_stock']) as code)
order by county_code, code

-- template: support_units
select
    row_number() over (order by village_number) + 1 as row_number,
    village_code,
    '包村单位' || (village_number % 61) as unit,
    '包村领导' || (village_number % 29) as leader,
    make_date(2021, 5, 1) as since
from scoped_villages
order by village_number
