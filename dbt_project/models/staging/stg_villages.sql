-- One row per period and village in force, as known at the edition's time.
{{ snapshot_in_force(
    template='villages',
    division='village_code',
    key='village_code',
    columns=[
        'rural_households',
        'rural_population',
        'road',
        'drinking_water',
        'power',
        'culture_centre',
        'clinic',
        'broadband',
        'broadcast',
        'environment',
        'housing_done',
        'village_office',
        'main_industry',
        'collective_income',
        'pv_income',
        'pv_wage',
    ]
) }}
