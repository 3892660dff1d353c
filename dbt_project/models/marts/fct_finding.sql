-- One row per period and finding. Findings never reject rows; they say what does not agree, to whom it may concern.
with findings as (

    select * from {{ ref('int_findings_people') }}

    union all by name

    select * from {{ ref('int_findings_funds') }}

    union all by name

    select * from {{ ref('int_findings_other') }}

)

select
    period,
    code || ':' || entity_type || ':' || coalesce(division_code, '') || ':' || entity_id as finding_id,
    code,
    severity,
    division_code,
    entity_type,
    entity_id,
    message
from findings
