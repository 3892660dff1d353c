{{ config(meta={'months': 'whole'}) }}
-- One row per month of the edition: from the first reported month to the edition's period, without months that lie more
-- than a year after the last report before them.
with reported as (

    select distinct period
    from {{ ref('stg_submissions') }}
    where is_in_warehouse and template <> 'divisions' and period <= '{{ var("period") }}'

),

months as (

    {{ month_series(
        "(select coalesce(min(period), '" ~ var("period") ~ "') from reported)", "'" ~ var("period") ~ "'"
    ) }}

),

kept as (

    select months.period
    from months
    left join reported
        on months.period >= reported.period
        and months.period <= {{ add_months_to('reported.period', 12) }}
    where reported.period is not null or months.period = '{{ var("period") }}'
    group by months.period

)

select
    period,
    cast(period || '-01' as date) as first_day,
    {{ month_end('period') }} as last_day,
    cast(left(period, 4) as integer) as period_year,
    cast(right(period, 2) as integer) as period_month,
    {{ add_months_to('period', -1) }} as previous_period,
    {{ add_months_to('period', -12) }} as year_ago_period,
    period = '{{ var("period") }}' as is_edition_period
from kept
