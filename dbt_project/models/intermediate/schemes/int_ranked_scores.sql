-- One row per ranking, edition period and unit: its score rounded to the scheme's decimals, the class it is ranked in, whether it
-- takes part, and what decides between equal scores. A tie-break that is not known of all the equal decides nothing.
with measured as (

    {{ union_by_name([ref('int_round_scores'), ref('int_month_scores')]) }}

),

rounded as (

    select
        measured.* {{ without(['score']) }},
        case definitions.decimals
            when 0 then cast(round(measured.score, 0) as decimal(38, 2))
            when 1 then cast(round(measured.score, 1) as decimal(38, 2))
            else round(measured.score, 2)
        end as score
    from measured
    left join {{ source('catalogue', 'scheme_rankings') }} as definitions
        on measured.scheme = definitions.scheme and measured.ranking = definitions.ranking

),

classed_rankings as (

    select distinct scheme, ranking
    from {{ source('catalogue', 'scheme_classes') }}

),

placed as (

    select
        rounded.*,
        case
            when classed_rankings.ranking is null then 'all'
            else coalesce(by_division.class, by_type.class, 'unclassified')
        end as class,
        exemptions.reason as exempt_reason,
        rounded.score is not null
        and exemptions.division_code is null
        and (classed_rankings.ranking is null or by_division.class is not null or by_type.class is not null) as takes_part
    from rounded
    left join {{ ref('int_divisions') }} as divisions
        on rounded.edition_period = divisions.period and rounded.division_code = divisions.division_code
    left join classed_rankings
        on rounded.scheme = classed_rankings.scheme and rounded.ranking = classed_rankings.ranking
    left join {{ source('catalogue', 'scheme_classes') }} as by_division
        on rounded.scheme = by_division.scheme
        and rounded.ranking = by_division.ranking
        and rounded.division_code = by_division.division_code
    left join {{ source('catalogue', 'scheme_classes') }} as by_type
        on rounded.scheme = by_type.scheme
        and rounded.ranking = by_type.ranking
        and divisions.village_type = by_type.village_type
    left join {{ source('catalogue', 'scheme_exemptions') }} as exemptions
        on rounded.scheme = exemptions.scheme
        and rounded.ranking = exemptions.ranking
        and rounded.division_code = exemptions.division_code

),

-- only those asked for: the engine would otherwise hold every indicator of every division at hand
deciding as (

    select
        period,
        division_code,
        indicator_code,
        value
    from {{ ref('int_indicators') }}
    where indicator_code in (select tie_breaks.indicator_code from {{ source('catalogue', 'scheme_tie_breaks') }} as tie_breaks)

),

tie_values as (

    select
        placed.scheme,
        placed.ranking,
        placed.edition_period,
        placed.division_code,
        tie_breaks.position,
        case indicators.better when 'lower' then -deciding.value else deciding.value end as value,
        count(deciding.value) over equals = count(*) over equals as is_known_of_all
    from placed
    inner join {{ source('catalogue', 'scheme_tie_breaks') }} as tie_breaks
        on placed.scheme = tie_breaks.scheme and placed.ranking = tie_breaks.ranking
    inner join {{ source('catalogue', 'indicators') }} as indicators
        on tie_breaks.indicator_code = indicators.indicator_code
    left join deciding
        on placed.edition_period = deciding.period
        and placed.division_code = deciding.division_code
        and tie_breaks.indicator_code = deciding.indicator_code
    where placed.takes_part
    window equals as (
        partition by
            placed.scheme, placed.ranking, placed.edition_period, placed.class, placed.score, tie_breaks.position
    )

),

tie_breakers as (

    select
        scheme,
        ranking,
        edition_period,
        division_code,
        max(case when position = 1 and is_known_of_all then value end) as first_tie_break,
        max(case when position = 2 and is_known_of_all then value end) as second_tie_break,
        max(case when position = 3 and is_known_of_all then value end) as third_tie_break
    from tie_values
    group by scheme, ranking, edition_period, division_code

)

select
    placed.*,
    tie_breakers.first_tie_break,
    tie_breakers.second_tie_break,
    tie_breakers.third_tie_break
from placed
left join tie_breakers
    on placed.scheme = tie_breakers.scheme
    and placed.ranking = tie_breakers.ranking
    and placed.edition_period = tie_breakers.edition_period
    and placed.division_code = tie_breakers.division_code
