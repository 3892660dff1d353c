-- One row per scheme with grades, assessed year and unit ranked that year, graded or vetoed: its grade. A veto gives the lowest
-- (none where the document names one grade only: it is praise); else what people decided; else what the published cuts or
-- shares give; else it waits for people.
with yearly_rankings as (

    select
        scheme,
        ranking,
        unit_level,
        round
    from {{ source('catalogue', 'scheme_rankings') }}
    where frequency = 'year' and scheme in (select scheme from {{ source('catalogue', 'scheme_grades') }})

),

ranked as (

    select
        rankings.scheme,
        rankings.ranking,
        cast(left(coalesce(yearly_rankings.round, rankings.edition_period), 4) as integer) as assessed_year,
        rankings.edition_period,
        rankings.division_code,
        cast(null as string) as unit,
        rankings.score,
        rankings.rank,
        rankings.ranked_units,
        rank() over (
            partition by rankings.scheme, rankings.ranking, yearly_rankings.round order by rankings.edition_period desc
        ) as newest_first
    from {{ ref('int_rankings') }} as rankings
    inner join yearly_rankings
        on rankings.scheme = yearly_rankings.scheme and rankings.ranking = yearly_rankings.ranking

),

newest as (

    -- of a round that was announced again the newest results, all of them; a ranking without a round has one result a year
    select ranked.*
    from ranked
    inner join yearly_rankings
        on ranked.scheme = yearly_rankings.scheme and ranked.ranking = yearly_rankings.ranking
    where ranked.newest_first = 1 or yearly_rankings.round is null

),

decided as (

    select
        decisions.*,
        own_rankings.ranking as own_ranking
    from {{ ref('stg_decisions') }} as decisions
    left join (
        select division_code, max(level) as level
        from {{ ref('int_divisions') }}
        group by division_code
    ) as divisions
        on decisions.division_code = divisions.division_code
    -- the ranking such a unit stands in, also where it has no result in it
    left join yearly_rankings as own_rankings
        on decisions.scheme = own_rankings.scheme
        and own_rankings.unit_level = case when decisions.unit is not null then 'support_unit' else divisions.level end
        and cast(decisions.year as string) = coalesce(left(own_rankings.round, 4), cast(decisions.year as string))
    where
        decisions.kind in ('veto', 'grade')
        and decisions.is_newest
        and decisions.step in ('found', 'graded')
        and decisions.scheme in (select scheme from yearly_rankings)

),

units as (

    select scheme, ranking, assessed_year, edition_period, division_code, unit, score, rank, ranked_units
    from newest

    union all

    select
        decided.scheme,
        max(decided.own_ranking),
        decided.year,
        max(decided.edition_period),
        decided.division_code,
        decided.unit,
        null,
        null,
        null
    from decided
    left join newest
        on decided.scheme = newest.scheme
        and decided.year = newest.assessed_year
        and decided.division_code = newest.division_code
    where newest.scheme is null
    group by decided.scheme, decided.year, decided.division_code, decided.unit

),

grades as (

    select
        *,
        max(position) over (partition by scheme) as lowest,
        sum(share) over (partition by scheme order by position) as shares_up_to,
        max(case when cut is not null or share is not null then 1 else 0 end) over (partition by scheme) = 1 as is_published
    from {{ source('catalogue', 'scheme_grades') }}

),

computed as (

    select
        units.scheme,
        units.ranking,
        units.assessed_year,
        units.division_code,
        min(grades.position) as position
    from units
    inner join grades on units.scheme = grades.scheme and grades.is_published and grades.needs_veto is null
    where
        units.rank is not null
        and case
            when grades.cut is not null then units.score >= grades.cut
            when grades.share is not null then units.rank <= grades.shares_up_to * units.ranked_units
            else true
        end
    group by units.scheme, units.ranking, units.assessed_year, units.division_code

),

settled as (

    select
        units.scheme,
        units.ranking,
        units.assessed_year,
        coalesce(decided_grades.edition_period, vetoes.edition_period, units.edition_period) as edition_period,
        units.division_code,
        units.unit,
        units.score,
        units.rank,
        case
            when vetoes.scheme is not null then lowest_grades.grade
            when decided_grades.scheme is not null then decided_grades.code
            else computed_grades.grade
        end as grade,
        case
            when vetoes.scheme is not null then 'veto'
            when decided_grades.scheme is not null then 'decided'
            when computed_grades.scheme is not null then 'computed'
            when units.rank is null then 'not_assessed'
            else 'pending'
        end as state,
        coalesce(vetoes.reason, decided_grades.reason) as reason
    from units
    left join (
        select scheme, code, year, division_code, unit, reason, edition_period
        from decided
        where kind = 'grade'
    ) as decided_grades
        on units.scheme = decided_grades.scheme
        and units.assessed_year = decided_grades.year
        and coalesce(units.division_code, units.unit) = coalesce(decided_grades.division_code, decided_grades.unit)
    left join (
        select scheme, assessed_year, division_code, unit, max(edition_period) as edition_period, max(reason) as reason
        from {{ ref('int_vetoes') }}
        group by scheme, assessed_year, division_code, unit
    ) as vetoes
        on units.scheme = vetoes.scheme
        and units.assessed_year = vetoes.assessed_year
        and coalesce(units.division_code, units.unit) = coalesce(vetoes.division_code, vetoes.unit)
    left join grades as lowest_grades
        on units.scheme = lowest_grades.scheme
        and lowest_grades.position = lowest_grades.lowest
        and lowest_grades.lowest > 1
    left join computed
        on units.scheme = computed.scheme
        and units.ranking = computed.ranking
        and units.assessed_year = computed.assessed_year
        and units.division_code = computed.division_code
    left join grades as computed_grades
        on computed.scheme = computed_grades.scheme and computed.position = computed_grades.position

)

select
    settled.scheme,
    settled.assessed_year,
    settled.ranking,
    settled.edition_period,
    settled.division_code,
    settled.unit,
    settled.score,
    settled.rank,
    settled.grade,
    grades.title as grade_title,
    settled.state,
    settled.reason,
    grades.clause_id
from settled
left join grades on settled.scheme = grades.scheme and settled.grade = grades.grade
