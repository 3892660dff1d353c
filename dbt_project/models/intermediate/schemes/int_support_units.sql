-- One row per period, county, support unit (包村单位) or leader (包村领导), and indicator: the villages it stands behind added up, and
-- its place among its like in the county.
-- Ranked is by what the schemes in force over the county name; where none does, by everything any scheme names, so that every
-- county sees its units. A village without a value adds to neither half; a unit without any value is not ranked.
with placed as (

    -- two villages that have become one stand side by side: one village all the same
    select distinct
        support_units.period,
        counties.division_code as county_code,
        support_units.supporter_kind,
        support_units.supporter,
        support_units.village_code
    from (
        select period, 'unit' as supporter_kind, unit as supporter, village_code
        from {{ ref('stg_support_units') }}

        union all

        select period, 'leader', leader, village_code
        from {{ ref('stg_support_units') }}
        where leader is not null
    ) as support_units
    inner join {{ ref('int_division_pairs') }} as pairs
        on support_units.period = pairs.period and support_units.village_code = pairs.division_code
    inner join {{ ref('int_divisions') }} as counties
        on pairs.period = counties.period and pairs.ancestor_code = counties.division_code and counties.level = 'county'

),

counties as (

    select distinct period, county_code
    from placed

),

named as (

    select distinct
        counties.period,
        counties.county_code,
        indicators.indicator_code
    from counties
    inner join {{ ref('int_division_pairs') }} as pairs
        on counties.period = pairs.period and counties.county_code = pairs.division_code
    inner join {{ ref('int_scheme_periods') }} as scheme_periods
        on counties.period = scheme_periods.period and pairs.ancestor_code = scheme_periods.division_code
    inner join {{ source('catalogue', 'scheme_support_indicators') }} as indicators
        on scheme_periods.scheme = indicators.scheme

),

asked as (

    select period, county_code, indicator_code
    from named

    union all

    select distinct
        counties.period,
        counties.county_code,
        indicators.indicator_code
    from counties
    cross join {{ source('catalogue', 'scheme_support_indicators') }} as indicators
    where not exists (
        select 1
        from named
        where named.period = counties.period and named.county_code = counties.county_code
    )

),

-- only those asked for: the engine would otherwise hold every indicator of every division at hand
measured as (

    select
        period,
        division_code,
        indicator_code,
        value,
        numerator,
        denominator
    from {{ ref('int_indicators') }}
    where indicator_code in (select asked.indicator_code from asked)

),

added as (

    select
        placed.period,
        placed.county_code,
        placed.supporter_kind,
        placed.supporter,
        count(*) as villages,
        asked.indicator_code,
        cast(sum(measured.numerator) filter (where measured.value is not null) as decimal(38, 10)) as numerator,
        cast(sum(measured.denominator) filter (where measured.value is not null) as decimal(38, 10)) as denominator
    from placed
    inner join asked on placed.period = asked.period and placed.county_code = asked.county_code
    left join measured
        on placed.period = measured.period
        and placed.village_code = measured.division_code
        and asked.indicator_code = measured.indicator_code
    group by placed.period, placed.county_code, placed.supporter_kind, placed.supporter, asked.indicator_code

),

valued as (

    select
        *,
        {{ exact_ratio('numerator', 'denominator') }} as value
    from added

)

select
    period,
    county_code,
    supporter_kind,
    supporter,
    villages,
    indicator_code,
    numerator,
    denominator,
    value,
    case
        when value is not null
            then rank() over (partition by period, county_code, supporter_kind, indicator_code order by value desc nulls last)
    end as rank,
    count(value) over (partition by period, county_code, supporter_kind, indicator_code) as ranked_units
from valued
