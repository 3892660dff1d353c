-- One row per registered household inside $prefix in $period that fails $item, up to 500.
select
    household.household_id,
    division.name as village_name,
    household.household_type,
    household.member_count,
    household.monitored,
    household.net_income_per_capita,
    concat_ws(
        '、',
        case when income_ok = 'fail' then '收入' end,
        case when food_ok = 'fail' then '吃' end,
        case when clothing_ok = 'fail' then '穿' end,
        case when education_ok = 'fail' then '义务教育' end,
        case when medical_ok = 'fail' then '基本医疗' end,
        case when housing_ok = 'fail' then '住房' end,
        case when water_ok = 'fail' then '饮水' end
    ) as failing,
from marts.fct_household as household
left join marts.dim_division as division on division.division_code = household.village_code
where household.period = $period
    and household.village_code between $prefix and $prefix || 'x'
    and household.registered
    and case $item
        when 'income_ok' then income_ok
        when 'food_ok' then food_ok
        when 'clothing_ok' then clothing_ok
        when 'education_ok' then education_ok
        when 'medical_ok' then medical_ok
        when 'housing_ok' then housing_ok
        when 'water_ok' then water_ok
        else exit_standard
    end = 'fail'
order by household.village_code, household.household_id
limit 500
