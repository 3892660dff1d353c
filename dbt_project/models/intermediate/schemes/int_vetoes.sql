-- One row per veto (一票否决) found by people that stands at the edition's time: scheme, veto, assessed year and unit, a division or
-- a support unit by its name. A finding that was lifted is gone.
select
    decisions.scheme,
    decisions.code as veto,
    decisions.year as assessed_year,
    decisions.edition_period,
    decisions.division_code,
    decisions.unit,
    vetoes.title,
    vetoes.clause_id,
    decisions.reason
from {{ ref('stg_decisions') }} as decisions
inner join {{ source('catalogue', 'scheme_vetoes') }} as vetoes
    on decisions.scheme = vetoes.scheme and decisions.code = vetoes.veto
where decisions.kind = 'veto' and decisions.is_newest and decisions.step = 'found'
