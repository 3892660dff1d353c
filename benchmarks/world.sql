-- What the rows of all templates are drawn from, once a home. {tree}: the division tree; {households}: how many in all.
create table divisions as
select code, name, level, parent_code
from '{tree}'
where starts_with(code, '{root}')
order by code;

-- villages have half to one and a half times the mean number of households
create table villages as
with sized as (
    select
        code as village_code,
        row_number() over (order by code) - 1 as village_number,
        rpad(left(code, {filer_digits}), 12, '0') as scope_code,
        rpad(left(code, {ranked_digits}), 12, '0') as unit_code,
        greatest(cast(round(
            {households} / (count(*) over ()) * (0.5 + (hash(code, seed()) % 1001) / 1000)
        ) as bigint), 3) as households
    from divisions
    where level = 'village'
)
select
    *,
    sum(households) over (order by village_number rows between unbounded preceding and 1 preceding) as before,
    coalesce(cast(before as bigint), 0) as first_household
from sized
order by village_number;

create table scopes as
select scope_code, min(first_household) as first_household
from villages
group by scope_code
order by scope_code;

-- who receives money: the units the scheme ranks
create table units as
select unit_code, scope_code, row_number() over (order by unit_code) - 1 as unit_number, min(village_number) as first_village,
    count(*) as villages
from villages
group by unit_code, scope_code
order by unit_code;

create view scoped_villages as select * from villages where scope_code = scope();
create view scoped_counties as
select distinct rpad(left(village_code, 6), 12, '0') as county_code from villages where scope_code = scope();

create view scoped_households as
select
    *,
    case when slot(a, 0) < 100 then 1 when slot(a, 0) < 280 then 2 when slot(a, 0) < 520 then 3 when slot(a, 0) < 780 then 4
        when slot(a, 0) < 930 then 5 else 6 end as member_count,
    case when slot(a, 1) < 154 then 'general' when slot(a, 1) < 174 then 'poor' when slot(a, 1) < 921 then 'exited'
        when slot(a, 1) < 962 then 'exited_unstable' when slot(a, 1) < 1003 then 'marginal' else 'sudden_hardship' end
        as household_type,
    slot(a, 1) >= 921 as is_watched,
    make_date(2020, 6, 1) + slot(b, 4) % 560 as monitored_on
from (
    select
        village_code,
        village_number,
        household,
        household - scope_first() + 2 as row_number,
        village_code || lpad(cast(household - first_household + 1 as varchar), 4, '0') as household_id,
        hash(household, seed()) as a,
        hash(household, seed() + 1) as b,
        hash(household, seed() + 2 + month_number()) as c
    from (
        select village_code, village_number, first_household, first_household + unnest(range(households)) as household
        from scoped_villages
    )
);

-- eight receipts and a project for every two villages a year and unit
create view scoped_receipts as
select
    unit_code,
    unit_number * 8 + number as receipt,
    'Y' || this_year() || '-' || unit_code || number as receipt_id,
    hash(unit_number * 8 + number, seed() + 3 + this_year()) as a,
    make_date(this_year(), 1, 10) + cast(number * 30 as integer) as issued_on
from units, range(8) as numbers (number)
where scope_code = scope();

create view scoped_projects as
select
    *,
    'Y' || this_year() || '-' || unit_code || slot(a, 0) % 4 as receipt_id,
    make_date(this_year(), 1, 20) + 30 * (slot(a, 0) % 4) + slot(a, 3) % 50 as allocated_on,
    make_date(this_year(), 3, 1) + slot(a, 2) % 60 as planned_start,
    make_date(this_year(), 7, 1) + slot(a, 4) % 150 as planned_finish,
    make_date(this_year(), 3, 1) + slot(a, 2) % 60 + slot(a, 3) % 20 as started_on,
    make_date(this_year(), 6, 1) + slot(a, 4) % 180 as finished_on,
    money(5000000 + slot(a, 1) * 30000) as amount
from (
    select
        villages.unit_code,
        villages.village_code as division_code,
        this_year() * cast(10000000 as bigint) + villages.village_number as project,
        'X' || this_year() || villages.village_code as project_id,
        hash(villages.village_number, seed() + 5 + this_year()) as a
    from villages
    where villages.scope_code = scope() and villages.village_number % 2 = 0
);
