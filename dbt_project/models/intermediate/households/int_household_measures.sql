-- One row per period and village: the sums that household indicators are made of.
{% set p = parameters() %}
with households as (

    select
        households.*,
        households.registered or households.monitored as is_supported,
        coalesce(visits.is_visited, false) as is_visited,
        coalesce(visits.helper_visits, 0) as helper_visits,
        year_ago.net_income_per_capita as income_year_ago,
        cast(floor(cast(right(households.period, 2) as integer) / 2) as integer) as visits_due
    from {{ ref('int_households') }} as households
    left join {{ ref('int_household_visits') }} as visits
        on households.period = visits.period and households.household_id = visits.household_id
    left join {{ ref('int_household_incomes') }} as year_ago
        on households.year_ago_period = year_ago.period and households.household_id = year_ago.household_id

)

select
    period,
    village_code as division_code,
    sum(member_count) filter (where household_type = 'poor') as poor_members,
    sum(member_count) filter (where household_type in ('exited', 'exited_unstable')) as exited_members,
    sum(member_count) filter (where household_type = 'exited_unstable' and monitored) as unstable_members,
    sum(member_count) filter (where household_type = 'marginal' and monitored) as marginal_members,
    sum(member_count) filter (where household_type = 'sudden_hardship' and monitored) as sudden_members,
    sum(member_count) filter (where registered) as registered_members,
    sum(member_count) filter (where planned_exit_year = period_year) as planned_exit_members,
    sum(member_count) filter (where planned_exit_year = period_year and exit_year <= period_year)
        as planned_exit_done_members,
    sum(net_income) filter (where registered) as registered_net_income,
    sum(member_count) filter (where registered and net_income is not null) as registered_income_members,
    count(*) filter (where registered and income_ok) as registered_income_pass,
    count(*) filter (where registered and income_ok is not null) as registered_income_known,
    count(*) filter (where registered and food_ok and clothing_ok) as registered_worries_pass,
    count(*) filter (where registered and food_ok is not null and clothing_ok is not null) as registered_worries_known,
    count(*) filter (where is_supported and housing_ok) as housing_pass_households,
    count(*) filter (where is_supported and not housing_ok) as housing_fail_households,
    count(*) filter (where is_supported and housing_ok is not null) as housing_known_households,
    count(*) filter (where is_supported and water_ok) as water_pass_households,
    count(*) filter (where is_supported and water_ok is not null) as water_known_households,
    count(*) filter (where registered and exit_standard) as exit_standard_pass_households,
    count(*) filter (where registered and exit_standard is not null) as exit_standard_known_households,
    count(*) filter (where monitored) as monitored_households,
    count(*) filter (where monitored_on <= last_day and risk_cleared_on <= last_day) as risk_cleared_households,
    count(*) filter (where monitored_on <= last_day) as ever_monitored_households,
    count(*) filter (where monitored and measure_count >= 1) as measured_monitored_households,
    count(*) filter (where monitored and measure_count is not null) as measure_known_households,
    count(*) filter (
        where household_type <> 'poor' and not monitored and net_income_per_capita < monitoring_line
    ) as unmonitored_below_line_households,
    count(*) filter (
        where is_supported
            and income_year_ago > 0
            and net_income_per_capita <= income_year_ago * (1 - {{ p.income_drop_share }})
    ) as income_drop_households,
    count(*) filter (where registered and file_complete) as file_complete_households,
    count(*) filter (where registered and file_complete is not null) as file_known_households,
    count(*) filter (where registered and has_helper) as helper_households,
    count(*) filter (where registered) as registered_households,
    count(*) filter (where is_supported and is_visited) as visited_households,
    count(*) filter (where is_supported) as visitable_households,
    count(*) filter (where monitored and is_visited) as visited_monitored_households,
    count(*) filter (where registered and helper_visits >= visits_due) as visit_pace_households,
    count(*) filter (where registered and has_labour and industry_ok) as industry_pass_households,
    count(*) filter (where registered and has_labour and industry_ok is not null) as industry_known_households,
    count(*) filter (where registered and enterprise_linked) as linked_households,
    count(*) filter (where registered and enterprise_linked is not null) as linkage_known_households,
    count(*) filter (where registered and enterprise_linked and dividend >= {{ p.dividend_amount }})
        as dividend_pass_households,
    count(*) filter (where registered and enterprise_linked and dividend is not null) as dividend_known_households,
    count(*) filter (where registered and has_labour and has_employed) as employed_households,
    count(*) filter (where registered and has_labour and not has_employed) as unemployed_households,
    count(*) filter (where registered and has_labour) as labour_households,
    count(*) filter (where registered and not has_labour and has_safety_net) as safety_net_households,
    count(*) filter (where registered and not has_labour and has_safety_net is not null)
        as safety_net_known_households
from households
group by period, village_code
