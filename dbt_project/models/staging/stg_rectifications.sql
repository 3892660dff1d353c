-- One row per period and issue in force, as known at the edition's time.
{{ snapshot_in_force(
    template='rectifications',
    division='division_code',
    key='issue_id',
    columns=[
        'issue_id',
        'source',
        'category',
        'found_on',
        'unit',
        'due_on',
        'closed_on',
    ]
) }}
