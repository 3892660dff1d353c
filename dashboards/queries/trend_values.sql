-- One row per division of $codes (comma-separated) and month from $first to $last; a month in which only the former code
-- has a row takes that one, where the former code has become this division alone.
with recursive

chosen as (
    select unnest(string_split($codes, ',')) as division_code
),

named as (
    select division_code, name
    from marts.dim_division
    where division_code in (select division_code from chosen)
),

only_successors as (
    select predecessor_code
    from marts.dim_division
    where predecessor_code is not null
    group by predecessor_code
    having count(*) = 1
),

lineage as (
    select division_code, division_code as code, 0 as steps
    from chosen
    union all
    select lineage.division_code, division.predecessor_code, lineage.steps + 1
    from lineage
    inner join marts.dim_division as division on lineage.code = division.division_code
    inner join only_successors on division.predecessor_code = only_successors.predecessor_code
    where lineage.steps < 8
),

-- the limit tells the engine that a recursion gives a handful of codes: it then reads their rows only, not the whole table
known as materialized (
    select *
    from marts.fct_indicator
    where indicator_code = $indicator
        and period between $first and $last
        and division_code in (select code from lineage limit 200)
),

facts as (
    select
        lineage.division_code,
        lineage.steps > 0 as is_former,
        fact.period,
        fact.value,
        fact.numerator,
        fact.denominator,
        fact.coverage,
        fact.state,
    from lineage
    inner join known as fact on fact.division_code = lineage.code
    qualify
        row_number() over (
            partition by lineage.division_code, fact.period
            order by fact.state not in ('value', 'partial'), lineage.steps
        ) = 1
)

select
    facts.*,
    coalesce(named.name, facts.division_code) as name,
from facts
left join named using (division_code)
order by list_position(string_split($codes, ','), facts.division_code), facts.period
