-- One row per period and village: checked items, and those whose three values (机、表、卡) are equal. Numbers compare as
-- numbers; a blank equals nothing; three blanks are left out.
with compared as (

    select
        period,
        village_code,
        coalesce(cast({{ number_in('system_value') }} as string), system_value) as system_value,
        coalesce(cast({{ number_in('form_value') }} as string), form_value) as form_value,
        coalesce(cast({{ number_in('card_value') }} as string), card_value) as card_value
    from {{ ref('stg_triple_checks') }}
    where system_value is not null or form_value is not null or card_value is not null

)

select
    period,
    village_code as division_code,
    count(*) as triple_compared,
    count(*) filter (where system_value = form_value and form_value = card_value) as triple_matched
from compared
group by period, village_code
