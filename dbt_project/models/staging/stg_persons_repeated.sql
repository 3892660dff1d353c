{{ config(meta={'months': 'own'}) }}
-- One row per period and person, by hash, that stands in several places in force. A village's rows come from one file, in which
-- nobody stands twice: so persons are counted only where what two villages hold, from the first identifier to the last, crosses.
{%- set lake = lake_in_force(template='persons', division='village_code') %}
with spans as (

    select
        newest.period,
        newest.raw_code,
        min(lake.person_id) as first_person,
        max(lake.person_id) as last_person
    {{- lake }}
    group by newest.period, newest.raw_code

),

neighbours as (

    select
        *,
        max(last_person) over (
            partition by period order by first_person, raw_code rows between unbounded preceding and 1 preceding
        ) as last_person_before,
        lead(first_person) over (partition by period order by first_person, raw_code) as first_person_after
    from spans

),

crossing as (

    select
        period,
        raw_code
    from neighbours
    where first_person <= last_person_before or last_person >= first_person_after

)

select
    newest.period,
    {{ key_hash('lake.person_id') }} as key_hash
{{- lake }}
    inner join crossing on newest.period = crossing.period and newest.raw_code = crossing.raw_code
group by newest.period, {{ key_hash('lake.person_id') }}
having count(*) > 1
