-- One row per period and household and checked item in force, as known at the edition's time.
{{ snapshot_in_force(
    template='triple_checks',
    division='village_code',
    key='lake.household_id, lake.field',
    columns=[
        'household_id',
        'field',
        'system_value',
        'form_value',
        'card_value',
    ]
) }}
