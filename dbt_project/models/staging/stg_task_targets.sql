-- One row per period and division and task in force, as known at the edition's time.
{{ snapshot_in_force(
    template='task_targets',
    division='division_code',
    key='division_code, indicator_code',
    columns=[
        'indicator_code',
        'target',
        'due_on',
        'unit',
    ]
) }}
