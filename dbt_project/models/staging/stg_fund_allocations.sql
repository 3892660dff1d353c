-- One row per allocation that counts in some period, with the periods in which it does, as known at the edition's time.
{{ journal_in_force(
    template='fund_allocations',
    division='division_code',
    key='allocation_id',
    event_date='allocated_on',
    columns=[
        'allocation_id',
        'receipt_id',
        'project_id',
        'allocated_on',
        'filed_on',
        'amount',
    ]
) }}
