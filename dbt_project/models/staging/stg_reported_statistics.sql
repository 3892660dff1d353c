-- One row per period and division and reported indicator in force, as known at the edition's time.
{{ snapshot_in_force(
    template='reported_statistics',
    division='division_code',
    key='division_code, indicator_code',
    columns=[
        'indicator_code',
        'numerator',
        'denominator',
        'unit',
    ]
) }}
