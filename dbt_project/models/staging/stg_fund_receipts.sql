-- One row per receipt that counts in some period, with the periods in which it does, as known at the edition's time.
{{ journal_in_force(
    template='fund_receipts',
    division='division_code',
    key='receipt_id',
    event_date='issued_on',
    columns=[
        'receipt_id',
        'document_no',
        'fund_year',
        'source_level',
        'fund_type',
        'advance',
        'issued_on',
        'received_on',
        'amount',
    ]
) }}
