-- One row per period and division: which templates speak for the division itself, one flag a template.
-- `__year_ago` flags tell the same of the month a year before.
{% set templates = [
    'households', 'persons', 'projects', 'fund_receipts', 'fund_allocations', 'fund_payments', 'inspections', 'visits',
    'team_attendance', 'loans', 'rectifications', 'assets', 'triple_checks', 'reported_statistics', 'task_targets',
    'support_units',
] %}
with first_covered as (

    select
        newest.template,
        newest.division_code,
        min(newest.period) as first_period
    from {{ ref('int_scope_newest') }} as newest
    group by newest.template, newest.division_code

),

covered as (

    -- by a submission that speaks for this period
    select distinct newest.template, newest.period, newest.division_code
    from {{ ref('int_scope_newest') }} as newest
    inner join {{ source('catalogue', 'templates') }} as templates on newest.template = templates.template
    where templates.cover in ('period', 'newest', 'year')

    union all

    -- a journal: from its first submission on
    select first_covered.template, divisions.period, divisions.division_code
    from {{ ref('int_divisions') }} as divisions
    inner join first_covered
        on divisions.division_code = first_covered.division_code and divisions.period >= first_covered.first_period
    inner join {{ source('catalogue', 'templates') }} as templates
        on first_covered.template = templates.template and templates.cover = 'since_first'

),

by_template as (

    select
        period,
        division_code,
        {%- for template in templates %}
        count(*) filter (where template = '{{ template }}') > 0 as covers_{{ template }}{{ "," if not loop.last }}
        {%- endfor %}
    from covered
    group by period, division_code

),

village_rows as (

    select
        period,
        village_code as division_code,
        count(collective_income) > 0 as has_collective_income
    from {{ ref('stg_villages') }}
    group by period, village_code

)

select
    divisions.period,
    divisions.division_code,
    divisions.level = 'village' as is_village,
    {%- for template in templates %}
    coalesce(by_template.covers_{{ template }}, false) as covers_{{ template }},
    {%- endfor %}
    village_rows.division_code is not null as covers_villages,
    coalesce(village_rows.has_collective_income, false) as covers_villages__collective_income,
    coalesce(by_template.covers_households and year_ago.covers_households, false) as covers_households__year_ago,
    coalesce(by_template.covers_persons and year_ago.covers_persons, false) as covers_persons__year_ago
from {{ ref('int_divisions') }} as divisions
inner join {{ ref('stg_periods') }} as periods on divisions.period = periods.period
left join by_template
    on divisions.period = by_template.period and divisions.division_code = by_template.division_code
left join by_template as year_ago
    on periods.year_ago_period = year_ago.period and divisions.division_code = year_ago.division_code
left join village_rows
    on divisions.period = village_rows.period and divisions.division_code = village_rows.division_code
