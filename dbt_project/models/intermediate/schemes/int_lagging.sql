-- One row per monthly ranking, period and unit among its last n: how many months running it has lagged there. A unit lags
-- below the even pace (month / 12), or in the month of a checkpoint it missed on the ranking's indicator.
with flagged as (

    select
        rankings.scheme,
        rankings.ranking,
        rankings.edition_period,
        rankings.division_code,
        rankings.rank_from_bottom,
        rankings.score_numerator * 12 < rankings.score_denominator * scheme_periods.period_month
        or missed.division_code is not null as is_lagging
    from {{ ref('int_rankings') }} as rankings
    inner join {{ source('catalogue', 'scheme_rankings') }} as definitions
        on rankings.scheme = definitions.scheme
        and rankings.ranking = definitions.ranking
        and definitions.frequency = 'month'
    inner join {{ ref('int_scheme_periods') }} as scheme_periods
        on rankings.scheme = scheme_periods.scheme and rankings.edition_period = scheme_periods.period
    left join (
        select distinct scheme, period, division_code, indicator_code
        from {{ ref('int_milestones') }}
        where state = 'missed' and {{ month_of('checkpoint') }} = period
    ) as missed
        on rankings.scheme = missed.scheme
        and rankings.edition_period = missed.period
        and rankings.division_code = missed.division_code
        and definitions.indicator_code = missed.indicator_code
    where rankings.state = 'ranked'

),

troubled as (

    select
        flagged.scheme,
        flagged.ranking,
        flagged.edition_period,
        flagged.division_code,
        actions.clause_id,
        actions.n
    from flagged
    inner join (
        select distinct scheme, ranking, clause_id, n
        from {{ source('catalogue', 'scheme_actions') }}
        where trigger = 'lagging'
    ) as actions
        on flagged.scheme = actions.scheme and flagged.ranking = actions.ranking
    where flagged.is_lagging and flagged.rank_from_bottom <= actions.n

),

-- consecutive months share the same distance between their number and their place in the unit's own sequence
numbered as (

    select
        *,
        cast(left(edition_period, 4) as integer) * 12 + cast(right(edition_period, 2) as integer)
        - row_number() over (
            partition by scheme, ranking, clause_id, division_code order by edition_period
        ) as streak
    from troubled

)

select
    scheme,
    ranking,
    edition_period,
    division_code,
    clause_id,
    row_number() over (
        partition by scheme, ranking, clause_id, division_code, streak order by edition_period
    ) as months_running
from numbered
