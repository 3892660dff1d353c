{{ config(meta={'months': 'own'}) }}
-- One row per period and village in whose file somebody may also stand in another village's: what the two hold, from the first
-- identifier to the last, crosses. A village's rows come from one file, in which nobody stands twice.
with spans as (

    select
        newest.period,
        newest.raw_code,
        newest.submission_id,
        min(lake.person_id) as first_person,
        max(lake.person_id) as last_person
    {{- lake_in_force(template='persons', division='village_code') }}
    group by newest.period, newest.raw_code, newest.submission_id

),

neighbours as (

    select
        *,
        max(last_person) over (
            partition by period order by first_person, raw_code rows between unbounded preceding and 1 preceding
        ) as last_person_before,
        lead(first_person) over (partition by period order by first_person, raw_code) as first_person_after
    from spans

)

select
    period,
    raw_code,
    submission_id
from neighbours
where first_person <= last_person_before or last_person >= first_person_after
