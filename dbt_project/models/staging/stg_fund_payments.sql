-- One row per payment that counts in some period, with the periods in which it does, as known at the edition's time.
{{ journal_in_force(
    template='fund_payments',
    division='division_code',
    key='payment_id',
    event_date='paid_on',
    columns=[
        'payment_id',
        'allocation_id',
        'paid_on',
        'payment_type',
        'amount',
        'documented',
    ]
) }}
