-- One row per period and asset in force, as known at the edition's time.
{{ snapshot_in_force(
    template='assets',
    division='division_code',
    key='asset_id',
    columns=[
        'asset_id',
        'name',
        'category',
        'formed_year',
        'original_value',
        'titled',
        'keeper',
        'annual_income',
        'distributed',
        'status',
    ]
) }}
