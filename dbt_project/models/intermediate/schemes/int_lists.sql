-- One row per scheme, list, period and listed thing, the most pressing first.
-- 重点村: villages with targets not met or milestones missed; the documents leave the measure open, so the count stands for it.
with unmet as (

    select scheme, period, division_code
    from {{ ref('int_targets') }}
    where band = 'below'

    union all

    select scheme, period, division_code
    from {{ ref('int_milestones') }}
    where state = 'missed'

),

things as (

    select
        'key_villages' as selects,
        unmet.scheme as only_scheme,
        unmet.period,
        unmet.division_code,
        unmet.division_code as entity_id,
        cast(count(*) as decimal(38, 2)) as value,
        cast(count(*) as string) || '项目标或节点未达' as reason
    from unmet
    inner join {{ ref('int_divisions') }} as divisions
        on unmet.period = divisions.period
        and unmet.division_code = divisions.division_code
        and divisions.level = 'village'
    group by unmet.scheme, unmet.period, unmet.division_code

    union all

    select
        'overdue_projects',
        null,
        period,
        division_code,
        project_id,
        cast({{ days_between('planned_finish', 'last_day') }} as decimal(38, 2)),
        name || ':计划' || cast(planned_finish as string) || '竣工,逾期'
        || cast({{ days_between('planned_finish', 'last_day') }} as string) || '日'
    from {{ ref('int_projects') }}
    where overdue and is_this_year

    union all

    select
        'overdue_rectifications',
        null,
        issues.period,
        issues.division_code,
        issues.issue_id,
        cast({{ days_between('issues.due_on', 'periods.last_day') }} as decimal(38, 2)),
        issues.unit || ':期限' || cast(issues.due_on as string) || ',逾期'
        || cast({{ days_between('issues.due_on', 'periods.last_day') }} as string) || '日'
    from {{ ref('stg_rectifications') }} as issues
    inner join {{ ref('stg_periods') }} as periods on issues.period = periods.period
    where issues.due_on < periods.last_day and not coalesce(issues.closed_on <= periods.last_day, false)

    union all

    -- the loan's own number is personal: the household stands for it
    select
        'loans_due',
        null,
        loans.period,
        loans.village_code,
        loans.household_id,
        cast(sum(loans.balance) as decimal(38, 2)),
        '一个月内到期,最早' || cast(min(loans.due_on) as string)
    from {{ ref('stg_loans') }} as loans
    inner join {{ ref('stg_periods') }} as periods on loans.period = periods.period
    where
        loans.balance > 0
        and loans.due_on > periods.last_day
        and {{ month_of('loans.due_on') }} <= {{ add_months_to('periods.period', 1) }}
    group by loans.period, loans.village_code, loans.household_id

    union all

    select
        'recallable_receipts',
        null,
        period,
        division_code,
        receipt_id,
        cast(amount - paid as decimal(38, 2)),
        document_no || ':' || cast(fund_year as string) || '年资金尚余' || cast(amount - paid as string) || '元'
    from {{ ref('int_receipt_use') }}
    where fund_year < period_year - 1 and amount > paid

)

select
    lists.scheme,
    lists.list,
    things.period,
    row_number() over (
        partition by lists.scheme, lists.list, things.period
        order by things.value desc, things.division_code, things.entity_id
    ) as position,
    things.division_code,
    things.entity_id,
    things.value,
    things.reason
from {{ source('catalogue', 'scheme_lists') }} as lists
inner join {{ ref('int_scheme_periods') }} as scheme_periods on lists.scheme = scheme_periods.scheme
inner join things
    on lists.selects = things.selects
    and scheme_periods.period = things.period
    and (things.only_scheme is null or things.only_scheme = lists.scheme)
inner join {{ ref('int_division_pairs') }} as pairs
    on things.period = pairs.period
    and things.division_code = pairs.division_code
    and scheme_periods.division_code = pairs.ancestor_code
