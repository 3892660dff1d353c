{{ config(meta={'months': 'own'}) }}
-- One row per period and household, by hash, that stands in several places in force.
{{ repeated_keys(template='households', division='village_code', key='lake.household_id') }}
