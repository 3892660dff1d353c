-- One row per ranking, edition period and unit: standard competition rank in its class, from the top and from the bottom. Equal
-- scores share a rank unless the scheme names what decides between them; units without a score and exempt ones are listed,
-- unranked; where the population is not whole, only an announced rank counts.
with ranked as (

    select
        *,
        case when takes_part then rank() over (
            partition by scheme, ranking, edition_period, class, takes_part
            order by score desc, first_tie_break desc, second_tie_break desc, third_tie_break desc
        ) end as own_rank,
        case when takes_part then rank() over (
            partition by scheme, ranking, edition_period, class, takes_part
            order by score asc, first_tie_break asc, second_tie_break asc, third_tie_break asc
        ) end as own_rank_from_bottom,
        count(case when takes_part then 1 end) over (partition by scheme, ranking, edition_period, class) as scored_units
    from {{ ref('int_ranked_scores') }}

),

settled as (

    select
        scheme,
        ranking,
        edition_period,
        round_code,
        inspector,
        class,
        division_code,
        score,
        score_numerator,
        score_denominator,
        is_whole,
        own_rank,
        case
            when is_whole and takes_part then 'ranked'
            when is_whole or exempt_reason is not null then 'not_assessed'
            when official_rank is not null then 'ranked'
            when score is null then 'not_assessed'
            else 'pending_announcement'
        end as state,
        case when is_whole then own_rank when exempt_reason is null then official_rank end as rank,
        case
            when is_whole then own_rank_from_bottom
            when exempt_reason is null and official_rank <= announced_units then announced_units - official_rank + 1
        end as rank_from_bottom,
        case when is_whole then scored_units else announced_units end as ranked_units
    from ranked

),

better_scores as (

    select
        scheme,
        ranking,
        edition_period,
        class,
        own_rank,
        lag(max(score)) over (partition by scheme, ranking, edition_period, class order by own_rank) as better_score
    from settled
    where is_whole and own_rank is not null
    group by scheme, ranking, edition_period, class, own_rank

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
    better_scores.better_score - settled.score as gap_to_next
from settled
inner join previous_runs
    on settled.scheme = previous_runs.scheme
    and settled.ranking = previous_runs.ranking
    and settled.edition_period = previous_runs.edition_period
left join settled as previous
    on previous_runs.scheme = previous.scheme
    and previous_runs.previous_ranking = previous.ranking
    and previous_runs.previous_edition_period = previous.edition_period
    and settled.class = previous.class
    and settled.division_code = previous.division_code
left join better_scores
    on settled.scheme = better_scores.scheme
    and settled.ranking = better_scores.ranking
    and settled.edition_period = better_scores.edition_period
    and settled.class = better_scores.class
    and settled.own_rank = better_scores.own_rank
