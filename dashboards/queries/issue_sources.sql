-- One row per source of the issues inside $prefix found by the end of $period, and one for all of them (source NULL).
with

issues as (
    select
        source,
        case
            when closed_on is not null then 'closed'
            when is_overdue then 'overdue'
            else 'open'
        end as state,
    from marts.fct_rectification
    where period = $period and division_code between $prefix and $prefix || 'x'
)

select
    source,
    grouping(source) = 1 as is_whole,
    count(*) as found,
    count(*) filter (where state = 'closed') as closed,
    count(*) filter (where state = 'open') as open,
    count(*) filter (where state = 'overdue') as overdue,
    (count(*) filter (where state = 'closed'))::decimal(18, 0) / count(*) as closed_rate,
from issues
group by grouping sets ((source), ())
having count(*) > 0
order by not is_whole, found desc, source
