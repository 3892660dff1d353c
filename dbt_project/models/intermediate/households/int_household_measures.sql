-- One row per period and village: the sums that household indicators are made of.
{% set p = parameters() %}
with year_ago as (

    -- joined by month first: where nothing is kept of a year before, nothing is looked up
    select
        periods.period,
        incomes.household_id,
        incomes.net_income_per_capita
    from {{ ref('stg_periods') }} as periods
    inner join {{ ref('int_household_incomes') }} as incomes on periods.year_ago_period = incomes.period

),

households as (

    select
        households.*,
        households.registered or households.monitored as is_supported,
        coalesce(visits.is_visited, false) as is_visited,
        coalesce(visits.helper_visits, 0) as helper_visits,
        year_ago.net_income_per_capita > 0
        and households.net_income_per_capita <= year_ago.net_income_per_capita * (1 - {{ p.income_drop_share }})
            as has_income_drop,
        cast(floor(cast(right(households.period, 2) as integer) / 2) as integer) as visits_due
    from {{ ref('int_households') }} as households
    left join {{ ref('int_household_visits') }} as visits
        on households.period = visits.period and households.household_id = visits.household_id
    left join year_ago
        on households.period = year_ago.period and households.household_id = year_ago.household_id

)

select
    period,
    village_code as division_code,
    sum(case when household_type = 'poor' then member_count end) as poor_members,
    sum(case when household_type in ('exited', 'exited_unstable') then member_count end) as exited_members,
    sum(case when household_type = 'exited_unstable' and monitored then member_count end) as unstable_members,
    sum(case when household_type = 'marginal' and monitored then member_count end) as marginal_members,
    sum(case when household_type = 'sudden_hardship' and monitored then member_count end) as sudden_members,
    sum(case when registered then member_count end) as registered_members,
    sum(case when planned_exit_year = period_year then member_count end) as planned_exit_members,
    sum(case when planned_exit_year = period_year and exit_year <= period_year then member_count end)
        as planned_exit_done_members,
    sum(case when registered then net_income end) as registered_net_income,
    sum(case when registered and net_income is not null then member_count end) as registered_income_members,
    count(case when registered and income_ok then 1 end) as registered_income_pass,
    count(case when registered and income_ok is not null then 1 end) as registered_income_known,
    count(case when registered and food_ok and clothing_ok then 1 end) as registered_worries_pass,
    count(case when registered and food_ok is not null and clothing_ok is not null then 1 end)
        as registered_worries_known,
    count(case when is_supported and housing_ok then 1 end) as housing_pass_households,
    count(case when is_supported and not housing_ok then 1 end) as housing_fail_households,
    count(case when is_supported and housing_ok is not null then 1 end) as housing_known_households,
    count(case when is_supported and water_ok then 1 end) as water_pass_households,
    count(case when is_supported and water_ok is not null then 1 end) as water_known_households,
    count(case when registered and exit_standard then 1 end) as exit_standard_pass_households,
    count(case when registered and exit_standard is not null then 1 end) as exit_standard_known_households,
    count(case when monitored then 1 end) as monitored_households,
    count(case when monitored_on <= last_day and risk_cleared_on <= last_day then 1 end) as risk_cleared_households,
    count(case when monitored_on <= last_day then 1 end) as ever_monitored_households,
    count(case when monitored and measure_count >= 1 then 1 end) as measured_monitored_households,
    count(case when monitored and measure_count is not null then 1 end) as measure_known_households,
    count(case when household_type <> 'poor' and not monitored and net_income_per_capita < monitoring_line then 1 end)
        as unmonitored_below_line_households,
    count(case when is_supported and has_income_drop then 1 end) as income_drop_households,
    count(case when registered and file_complete then 1 end) as file_complete_households,
    count(case when registered and file_complete is not null then 1 end) as file_known_households,
    count(case when registered and has_helper then 1 end) as helper_households,
    count(case when registered then 1 end) as registered_households,
    count(case when is_supported and is_visited then 1 end) as visited_households,
    count(case when is_supported then 1 end) as visitable_households,
    count(case when monitored and is_visited then 1 end) as visited_monitored_households,
    count(case when registered and helper_visits >= visits_due then 1 end) as visit_pace_households,
    count(case when registered and has_labour and industry_ok then 1 end) as industry_pass_households,
    count(case when registered and has_labour and industry_ok is not null then 1 end) as industry_known_households,
    count(case when registered and enterprise_linked then 1 end) as linked_households,
    count(case when registered and enterprise_linked is not null then 1 end) as linkage_known_households,
    count(case when registered and enterprise_linked and dividend >= {{ p.dividend_amount }} then 1 end)
        as dividend_pass_households,
    count(case when registered and enterprise_linked and dividend is not null then 1 end) as dividend_known_households,
    count(case when registered and has_labour and has_employed then 1 end) as employed_households,
    count(case when registered and has_labour and not has_employed then 1 end) as unemployed_households,
    count(case when registered and has_labour then 1 end) as labour_households,
    count(case when registered and not has_labour and has_safety_net then 1 end) as safety_net_households,
    count(case when registered and not has_labour and has_safety_net is not null then 1 end)
        as safety_net_known_households
from households
group by period, village_code
