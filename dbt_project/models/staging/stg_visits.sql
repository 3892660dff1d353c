-- One row per visit that counts in some period, with the periods in which it does, as known at the edition's time.
{{ journal_in_force(
    template='visits',
    division='village_code',
    key='visit_id',
    event_date='visited_on',
    columns=[
        'visit_id',
        'household_id',
        'visited_on',
        'visitor_role',
        'visitor',
        'problem_found',
    ]
) }}
