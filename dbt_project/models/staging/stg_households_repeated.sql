{{ config(meta={'months': 'own'}) }}
-- One row per period and household, by hash, that stands in several places in force.
select
    newest.period,
    {{ key_hash('lake.household_id') }} as key_hash
{{- lake_in_force(template='households', division='village_code') }}
group by newest.period, {{ key_hash('lake.household_id') }}
having count(*) > 1
