-- One row per outcome of the files handed in for $period by units inside $prefix.
select
    outcome,
    count(*) as files,
    cast(sum(rows_read) as bigint) as rows_read,
    cast(sum(rows_accepted) as bigint) as rows_accepted,
    cast(sum(rows_rejected) as bigint) as rows_rejected,
    cast(sum(rows_warned) as bigint) as rows_warned,
from marts.fct_submission
where period = $period and scope_code between $prefix and $prefix || 'x'
group by outcome
order by list_position(['accepted', 'partial', 'refused', 'duplicate'], outcome)
