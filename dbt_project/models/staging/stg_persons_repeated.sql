{{ config(meta={'months': 'own'}) }}
-- One row per period and person, by hash, that stands in several places in force.
{{ repeated_keys(template='persons', division='village_code', key='lake.person_id') }}
