-- One row per period and project in force, as known at the edition's time.
{{ snapshot_in_force(
    template='projects',
    division='division_code',
    key='project_id',
    columns=[
        'project_id',
        'name',
        'category',
        'funding_form',
        'project_year',
        'batch',
        'implementer',
        'department',
        'planned_amount',
        'planned_start',
        'planned_finish',
        'started_on',
        'finished_on',
        'accepted_on',
        'announced_on',
        'completion_announced_on',
        'progress',
        'work_relief',
        'wages_paid',
    ]
) }}
