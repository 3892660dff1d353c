-- One row per sender inside $prefix, or office of a scheme in force there, that owes anything in $period; the longest first.
select
    owed.sender_name as name,
    owed.division_code,
    string_agg(distinct owed.title, '、' order by owed.title) as titles,
    cast(sum(owed.items_owed) as bigint) as items_owed,
    min(owed.since) as since,
    max(owed.months_running) as months_running,
    string_agg(distinct owed.department, '、' order by owed.department) as departments,
from marts.fct_chase as owed
left join marts.dim_scheme as scheme on scheme.scheme = owed.scheme
where owed.period = $period
    and case
        when owed.division_code is not null then owed.division_code between $prefix and $prefix || 'x'
        else scheme.division_code between $prefix and $prefix || 'x' or starts_with($division, rtrim(scheme.division_code, '0'))
    end
group by owed.sender, owed.sender_name, owed.division_code
order by months_running desc, since, items_owed desc, name
