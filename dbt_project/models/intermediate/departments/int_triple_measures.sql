-- One row per period and village: checked items, and those whose three values (机、表、卡) are equal. Numbers compare as
-- numbers; a blank equals nothing; three blanks are left out.
with compared as (

    select
        period,
        village_code,
        -- most are written alike: to read three numbers costs ten times as much as to compare three texts
        case
            when system_value = form_value and form_value = card_value then true
            else {{ number_or_text('system_value') }} = {{ number_or_text('form_value') }}
                and {{ number_or_text('form_value') }} = {{ number_or_text('card_value') }}
        end as is_matched
    from {{ ref('stg_triple_checks') }}
    where system_value is not null or form_value is not null or card_value is not null

)

select
    period,
    village_code as division_code,
    count(*) as triple_compared,
    count(*) filter (where is_matched) as triple_matched
from compared
group by period, village_code
