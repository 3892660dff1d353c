{{ config(meta={'months': 'whole'}) }}
-- One row per period and loan in force, as known at the edition's time.
{{ snapshot_in_force(
    template='loans',
    division='village_code',
    key='loan_id',
    columns=[
        'loan_id',
        'household_id',
        'lent_on',
        'due_on',
        'amount',
        'balance',
        'overdue',
        'classification',
    ]
) }}
