-- One row per period and village and support unit in force, as known at the edition's time.
{{ snapshot_in_force(
    template='support_units',
    division='village_code',
    key='village_code, unit',
    columns=[
        'unit',
        'leader',
        'since',
    ]
) }}
