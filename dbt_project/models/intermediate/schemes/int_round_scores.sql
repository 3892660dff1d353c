-- One row per ranking of a round or a year, edition period and inspected unit of its population: score, announced rank, and whether
-- the whole population is at hand. A round is ranked in each month in which results of it become known.
with results as (

    select
        rankings.scheme,
        rankings.ranking,
        rankings.population_code,
        rankings.unit_level,
        rankings.decimals,
        inspections.*
    from {{ source('catalogue', 'scheme_rankings') }} as rankings
    inner join {{ ref('stg_inspections') }} as inspections
        on replace(inspections.round_code, 'round-', '') = rankings.round
    where rankings.round is not null

),

edition_periods as (

    select distinct
        results.scheme,
        results.ranking,
        periods.period as edition_period
    from results
    inner join {{ ref('stg_periods') }} as periods on results.effective_from = periods.period
    -- what else was inspected in the round does not list its ranking again
    inner join {{ ref('int_divisions') }} as divisions
        on periods.period = divisions.period
        and results.division_code = divisions.division_code
        and results.unit_level = divisions.level
    inner join {{ ref('int_division_pairs') }} as pairs
        on periods.period = pairs.period
        and results.division_code = pairs.division_code
        and results.population_code = pairs.ancestor_code

),

units as (

    select
        results.scheme,
        results.ranking,
        edition_periods.edition_period,
        results.population_code,
        results.round_code,
        results.inspector,
        results.division_code,
        results.submission_id,
        cast(results.score as decimal(38, 10)) as score,
        results.ranked_units as announced_units,
        results.official_rank,
        row_number() over (
            partition by results.scheme, results.ranking, edition_periods.edition_period, results.division_code
            order by results.file_period desc, results.submission_id desc
        ) as place
    from edition_periods
    inner join results
        on edition_periods.scheme = results.scheme
        and edition_periods.ranking = results.ranking
        and {{ counts_at('results', 'edition_periods') | replace('edition_periods.period', 'edition_periods.edition_period') }}
    inner join {{ ref('int_divisions') }} as divisions
        on edition_periods.edition_period = divisions.period
        and results.division_code = divisions.division_code
        and results.unit_level = divisions.level
    inner join {{ ref('int_division_pairs') }} as pairs
        on edition_periods.edition_period = pairs.period
        and results.division_code = pairs.division_code
        and results.population_code = pairs.ancestor_code

),

-- an appeal that was upheld corrects the score until the inspector hands in a later one
corrections as (

    select
        units.scheme,
        units.ranking,
        units.edition_period,
        units.division_code,
        decisions.score,
        row_number() over (
            partition by units.scheme, units.ranking, units.edition_period, units.division_code
            order by decisions.entry desc
        ) as place
    from units
    inner join {{ ref('stg_submissions') }} as submissions on units.submission_id = submissions.submission_id
    inner join {{ ref('stg_decisions') }} as decisions
        on units.scheme = decisions.scheme
        and units.ranking = decisions.ranking
        and units.division_code = decisions.division_code
        and units.edition_period >= decisions.edition_period
        and submissions.received_at < decisions.decided_at
        and decisions.kind = 'appeal'
        and decisions.step = 'upheld'
        and decisions.score is not null
    where units.place = 1

),

whole as (

    select
        units.scheme,
        units.ranking,
        units.edition_period,
        bool_or(wide.ancestor_code is not null) or count(units.score) >= max(units.announced_units) as is_whole
    from units
    inner join {{ ref('stg_submissions') }} as submissions on units.submission_id = submissions.submission_id
    left join {{ ref('int_division_pairs') }} as wide
        on units.edition_period = wide.period
        and units.population_code = wide.division_code
        and submissions.scope_code = wide.ancestor_code
    where units.place = 1
    group by units.scheme, units.ranking, units.edition_period

)

select
    units.scheme,
    units.ranking,
    units.edition_period,
    units.round_code,
    units.inspector,
    units.division_code,
    cast(coalesce(corrections.score, units.score) as decimal(38, 10)) as score,
    cast(null as decimal(38, 10)) as score_numerator,
    cast(null as decimal(38, 10)) as score_denominator,
    units.announced_units,
    units.official_rank,
    coalesce(whole.is_whole, false) as is_whole
from units
inner join whole
    on units.scheme = whole.scheme
    and units.ranking = whole.ranking
    and units.edition_period = whole.edition_period
left join corrections
    on units.scheme = corrections.scheme
    and units.ranking = corrections.ranking
    and units.edition_period = corrections.edition_period
    and units.division_code = corrections.division_code
    and corrections.place = 1
where units.place = 1
