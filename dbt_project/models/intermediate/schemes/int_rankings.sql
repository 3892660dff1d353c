-- One row per ranking, edition period and unit: standard competition rank from the top and from the bottom. Equal scores
-- share a rank; units without a score are listed, unranked; where the population is not whole, only an announced rank counts.
with measured as (

    select * from {{ ref('int_round_scores') }}

    union all by name

    select * from {{ ref('int_month_scores') }}

),

-- scores are equal, and share a rank, to the scheme's decimals
scores as (

    select
        measured.* exclude (score),
        case definitions.decimals
            when 0 then cast(round(measured.score, 0) as decimal(38, 2))
            when 1 then cast(round(measured.score, 1) as decimal(38, 2))
            else round(measured.score, 2)
        end as score
    from measured
    left join {{ source('catalogue', 'scheme_rankings') }} as definitions
        on measured.scheme = definitions.scheme and measured.ranking = definitions.ranking

),

ranked as (

    select
        *,
        case when score is not null then rank() over (
            partition by scheme, ranking, edition_period order by score desc nulls last
        ) end as own_rank,
        case when score is not null then rank() over (
            partition by scheme, ranking, edition_period order by score asc nulls last
        ) end as own_rank_from_bottom,
        count(score) over (partition by scheme, ranking, edition_period) as scored_units
    from scores

),

settled as (

    select
        scheme,
        ranking,
        edition_period,
        round_code,
        inspector,
        'all' as class,
        division_code,
        score,
        score_numerator,
        score_denominator,
        is_whole,
        case
            when is_whole and score is not null then 'ranked'
            when is_whole then 'not_assessed'
            when official_rank is not null then 'ranked'
            when score is null then 'not_assessed'
            else 'pending_announcement'
        end as state,
        case when is_whole then own_rank else official_rank end as rank,
        case when is_whole then own_rank_from_bottom when official_rank <= announced_units then announced_units - official_rank + 1 end
            as rank_from_bottom,
        case when is_whole then scored_units else announced_units end as ranked_units
    from ranked

),

score_steps as (

    select
        scheme,
        ranking,
        edition_period,
        score,
        lag(score) over (partition by scheme, ranking, edition_period order by score desc) as better_score
    from settled
    where is_whole and score is not null
    group by scheme, ranking, edition_period, score

),

runs as (

    select
        scheme,
        ranking,
        edition_period,
        max(inspector) as inspector
    from settled
    group by scheme, ranking, edition_period

),

-- a month is held against the month before; a round against the inspector's previous round
candidates as (

    select
        runs.scheme,
        runs.ranking,
        runs.edition_period,
        coalesce(earlier.ranking, case when runs.inspector is null then runs.ranking end) as previous_ranking,
        coalesce(earlier.edition_period, case when runs.inspector is null then periods.previous_period end)
            as previous_edition_period,
        row_number() over (
            partition by runs.scheme, runs.ranking, runs.edition_period
            order by earlier.ranking desc nulls last, earlier.edition_period desc
        ) as place
    from runs
    inner join {{ ref('stg_periods') }} as periods on runs.edition_period = periods.period
    left join runs as earlier
        on runs.scheme = earlier.scheme
        and runs.inspector = earlier.inspector
        and earlier.ranking < runs.ranking
        and earlier.edition_period <= runs.edition_period

),

previous_runs as (

    select * from candidates where place = 1

)

select
    settled.scheme,
    settled.ranking,
    settled.edition_period,
    settled.round_code,
    settled.class,
    settled.division_code,
    settled.score,
    settled.score_numerator,
    settled.score_denominator,
    settled.state,
    settled.rank,
    settled.rank_from_bottom,
    settled.ranked_units,
    previous.rank as previous_rank,
    previous.rank - settled.rank as rank_change,
    previous.score as previous_score,
    score_steps.better_score - settled.score as gap_to_next
from settled
inner join previous_runs
    on settled.scheme = previous_runs.scheme
    and settled.ranking = previous_runs.ranking
    and settled.edition_period = previous_runs.edition_period
left join settled as previous
    on previous_runs.scheme = previous.scheme
    and previous_runs.previous_ranking = previous.ranking
    and previous_runs.previous_edition_period = previous.edition_period
    and settled.division_code = previous.division_code
left join score_steps
    on settled.scheme = score_steps.scheme
    and settled.ranking = score_steps.ranking
    and settled.edition_period = score_steps.edition_period
    and settled.score = score_steps.score
