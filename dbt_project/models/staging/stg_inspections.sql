-- One row per unit inspected in a round that counts in some period, with the periods in which it does, as known at the edition's time.
{{ journal_in_force(
    template='inspections',
    division='division_code',
    key='round_code, division_code',
    event_date='inspected_on',
    columns=[
        'round_code',
        'inspector',
        'inspected_on',
        'exited_sampled',
        'wrong_exits',
        'unregistered_sampled',
        'missed',
        'responses',
        'satisfied',
        'households_sampled',
        'identified_correctly',
        'fields_checked',
        'fields_matched',
        'score',
        'ranked_units',
        'official_rank',
    ]
) }}
