-- One row per period and finding. Findings never reject rows; they say what does not agree, and who can mend it.
with findings as (

    {% for part in ['people', 'funds', 'other', 'departments', 'signals'] %}
    select period, code, division_code, entity_type, entity_id, message from {{ ref('int_findings_' ~ part) }}
    {{ "union all" if not loop.last }}
    {% endfor %}

)

select
    findings.period,
    findings.code || ':' || findings.entity_type || ':' || coalesce(findings.division_code, '') || ':'
    || findings.entity_id as finding_id,
    findings.code,
    catalogue.severity,
    findings.division_code,
    findings.entity_type,
    findings.entity_id,
    findings.message,
    catalogue.department
from findings
left join {{ source('catalogue', 'findings') }} as catalogue on findings.code = catalogue.code
