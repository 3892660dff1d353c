-- One row per period and division: the standards that hold there. The nearest division upward with a row for the year or
-- an earlier one applies, with its latest such row; the collective-income standard is that of the village's own class.
with places as (

    select
        divisions.period,
        divisions.division_code,
        divisions.village_type,
        periods.period_year,
        pairs.ancestor_code,
        length(trim(trailing '0' from pairs.ancestor_code)) as depth
    from {{ ref('int_divisions') }} as divisions
    inner join {{ ref('stg_periods') }} as periods on divisions.period = periods.period
    inner join {{ ref('int_division_pairs') }} as pairs
        on divisions.period = pairs.period and divisions.division_code = pairs.division_code

),

-- above the top of the tree the code itself tells the division; above the province there is the nation
with_nation as (

    select * from places

    {% for digits in [2, 4, 6, 9] %}
    union

    select
        period, division_code, village_type, period_year,
        rpad(left(division_code, {{ digits }}), 12, '0'),
        length(trim(trailing '0' from left(division_code, {{ digits }})))
    from places
    {% endfor %}

    union

    select period, division_code, village_type, period_year, cast(null as string), -1
    from places

),

ranked as (

    select
        with_nation.period,
        with_nation.division_code,
        standards.standard,
        standards.value,
        row_number() over (
            partition by with_nation.period, with_nation.division_code, standards.standard
            order by with_nation.depth desc, standards.from_year desc
        ) as place
    from with_nation
    inner join {{ source('catalogue', 'standards') }} as standards
        on coalesce(with_nation.ancestor_code, '') = coalesce(standards.division_code, '')
        and standards.from_year <= with_nation.period_year
        and (standards.class is null or standards.class = with_nation.village_type)

)

select
    period,
    division_code,
    max(value) filter (where standard = 'income_line') as income_line,
    max(value) filter (where standard = 'monitoring_line') as monitoring_line,
    max(value) filter (where standard = 'incidence_ceiling') as incidence_ceiling,
    max(value) filter (where standard = 'collective_income') as collective_income_standard
from ranked
where place = 1
group by period, division_code
