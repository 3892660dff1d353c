{{ config(meta={'months': 'own'}) }}
-- One row per period and person, by hash, that stands in several places in force. Counted only where they may (stg_persons_crossing,
-- a table of its own: the engine then knows how few villages that is, and reads no others of a whole history).
select
    crossing.period,
    {{ key_hash('lake.person_id') }} as key_hash
from {{ ref('stg_persons_crossing') }} as crossing
inner join {{ source('raw', 'persons') }} as lake
    on crossing.submission_id = lake.submission_id and crossing.raw_code = lake.village_code
group by crossing.period, {{ key_hash('lake.person_id') }}
having count(*) > 1
