{{ config(meta={'months': 'own'}) }}
-- One row per period and team member in force, as known at the edition's time.
{{ snapshot_in_force(
    template='team_attendance',
    division='village_code',
    key='member_id',
    columns=[
        'member_id',
        'member_name',
        'unit',
        'post',
        'days',
    ]
) }}
