-- One row per period, division and template that the schemes in force over the division ask for.
select distinct
    scheme_periods.period,
    pairs.division_code,
    scheme_templates.template
from {{ ref('int_scheme_periods') }} as scheme_periods
inner join {{ ref('int_division_pairs') }} as pairs
    on scheme_periods.period = pairs.period and scheme_periods.division_code = pairs.ancestor_code
inner join {{ source('catalogue', 'scheme_templates') }} as scheme_templates
    on scheme_periods.scheme = scheme_templates.scheme
