-- One row per unit right below $division (and itself) with findings: errors, warnings, and signals of made-up data.
with

viewed as (select level from marts.dim_division where division_code = $division),

findings as (
    select
        coalesce(
            case viewed.level
                when 'province' then division.prefecture_code
                when 'prefecture' then division.county_code
                when 'county' then division.township_code
                else division.division_code
            end,
            $division
        ) as unit_code,
        fact.severity,
        case when kind.is_signal then kind.title end as signal,
    from marts.fct_finding as fact
    cross join viewed
    inner join marts.dim_division as division on division.division_code = fact.division_code
    left join marts.dim_finding as kind on kind.code = fact.code
    where fact.period = $period and fact.division_code between $prefix and $prefix || 'x'
)

select
    coalesce(unit.name, findings.unit_code) as name,
    count(*) filter (where severity = 'error') as errors,
    count(*) filter (where severity = 'warning') as warnings,
    count(signal) as signals,
    string_agg(distinct signal, '、' order by signal) as signal_titles,
from findings
left join marts.dim_division as unit on unit.division_code = findings.unit_code
group by findings.unit_code, unit.name
order by signals desc, errors desc, warnings desc, findings.unit_code
