-- One row per template, period and division code: the submission that speaks for it there, the newest whose scope
-- contains it. A later submission supersedes whatever earlier ones said inside its scope.
with candidates as (

    select
        submissions.template,
        periods.period,
        submissions.period as file_period,
        submissions.submission_id,
        submissions.received_at,
        submissions.scope_code
    from {{ ref('stg_submissions') }} as submissions
    inner join {{ ref('stg_periods') }} as periods
        on case submissions.reach
            when 'period' then submissions.period = periods.period
            when 'newest' then submissions.period <= periods.period
            when 'year'
                then submissions.period <= periods.period and left(submissions.period, 4) = left(periods.period, 4)
        end
    where submissions.is_in_warehouse and submissions.template <> 'divisions'

),

covering as (

    select
        candidates.template,
        candidates.period,
        ancestors.raw_code,
        ancestors.division_code,
        candidates.submission_id,
        row_number() over (
            partition by candidates.template, candidates.period, ancestors.raw_code
            order by candidates.file_period desc, candidates.received_at desc, candidates.submission_id desc
        ) as place
    from candidates
    inner join {{ ref('int_division_ancestors') }} as ancestors
        on candidates.period = ancestors.period and candidates.scope_code = ancestors.ancestor_raw_code

)

select
    template,
    period,
    raw_code,
    division_code,
    submission_id
from covering
where place = 1
