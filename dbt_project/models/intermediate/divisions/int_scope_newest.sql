-- One row per template, period and division code: the submission that speaks for it there, the newest whose scope
-- contains it. A later submission supersedes whatever earlier ones said inside its scope.
with candidates as (

    select
        submissions.template,
        periods.period,
        submissions.submission_id,
        submissions.scope_code,
        row_number() over (
            partition by submissions.template, periods.period
            order by submissions.period desc, submissions.received_at desc, submissions.submission_id desc
        ) as place
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

    -- the submissions are put in order, few as they are, not the codes inside them
    select
        candidates.template,
        candidates.period,
        ancestors.raw_code,
        ancestors.division_code,
        min(candidates.place) as place
    from candidates
    inner join {{ ref('int_division_ancestors') }} as ancestors
        on candidates.period = ancestors.period and candidates.scope_code = ancestors.ancestor_raw_code
    group by candidates.template, candidates.period, ancestors.raw_code, ancestors.division_code

)

select
    covering.template,
    covering.period,
    covering.raw_code,
    covering.division_code,
    candidates.submission_id
from covering
inner join candidates
    on covering.template = candidates.template
    and covering.period = candidates.period
    and covering.place = candidates.place
