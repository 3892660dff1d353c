-- One row per period and household and checked item in force, as known at the edition's time.
{{ snapshot_in_force(
    template='triple_checks',
    division='village_code',
    key='household_id, field',
    columns=[
        'household_id',
        'field',
        'system_value',
        'form_value',
        'card_value',
    ]
) }}
