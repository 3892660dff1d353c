-- One row per period and division code in force: the newest row not after the period, with the codes of its ancestors.
with submissions as (

    select
        submission_id,
        period as file_period,
        received_at,
        {{ code_prefix('scope_code') }} as scope_prefix
    from {{ ref('stg_submissions') }}
    where template = 'divisions' and is_in_warehouse

),

candidates as (

    select
        periods.period,
        periods.last_day,
        lake.division_code,
        lake.name,
        lake.level,
        lake.parent_code,
        lake.village_type,
        lake.planned_exit_year,
        lake.predecessor_code,
        lake.valid_from,
        lake.valid_to,
        own.submission_id,
        later.submission_id as later_submission_id
    from {{ source('raw', 'divisions') }} as lake
    inner join submissions as own on lake.submission_id = own.submission_id
    inner join {{ ref('stg_periods') }} as periods on own.file_period <= periods.period
    left join submissions as later
        on later.file_period <= periods.period
        and left(lake.division_code, length(later.scope_prefix)) = later.scope_prefix
        and (
            later.file_period > own.file_period
            or (later.file_period = own.file_period and later.received_at > own.received_at)
            or (
                later.file_period = own.file_period
                and later.received_at = own.received_at
                and later.submission_id > own.submission_id
            )
        )

),

in_force as (

    select
        *,
        coalesce(valid_from <= last_day, true) and coalesce(valid_to >= last_day, true) as is_valid,
        case level
            when 'prefecture' then left(division_code, 2) || '0000000000'
            when 'county' then left(division_code, 4) || '00000000'
            when 'township' then left(division_code, 6) || '000000'
            when 'village' then left(division_code, 9) || '000'
        end as code_parent
    from candidates
    where later_submission_id is null

),

-- the top of one file names no parent; where another file reports the level above, the code tells which it is
parented as (

    select
        child.*,
        coalesce(child.parent_code, parent.division_code) as known_parent_code
    from in_force as child
    left join in_force as parent
        on child.period = parent.period
        and child.code_parent = parent.division_code
        and parent.is_valid

),

chained as (

    select
        one.*,
        two.division_code as second_code,
        two.level as second_level,
        three.division_code as third_code,
        three.level as third_level,
        four.division_code as fourth_code,
        four.level as fourth_level,
        five.division_code as fifth_code,
        five.level as fifth_level
    from parented as one
    left join parented as two on one.period = two.period and one.known_parent_code = two.division_code
    left join parented as three on one.period = three.period and two.known_parent_code = three.division_code
    left join parented as four on one.period = four.period and three.known_parent_code = four.division_code
    left join parented as five on one.period = five.period and four.known_parent_code = five.division_code

)

select
    period,
    division_code,
    name,
    level,
    second_code as parent_code,
    village_type,
    planned_exit_year,
    predecessor_code,
    valid_from,
    valid_to,
    is_valid,
    {%- for level in ['province', 'prefecture', 'county', 'township', 'village'] %}
    case '{{ level }}'
        when level then division_code
        when second_level then second_code
        when third_level then third_code
        when fourth_level then fourth_code
        when fifth_level then fifth_code
    end as {{ level }}_code,
    {%- endfor %}
    submission_id
from chained
