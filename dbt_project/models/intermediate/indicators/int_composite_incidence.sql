-- One row per period and division above the village: 综合贫困发生率, from the division's own sums and the error rates of
-- the latest round inside it. Not additive: each level is computed from its own rates.
with covered as (

    select
        covers.period,
        pairs.ancestor_code as division_code,
        count(*) filter (where covers.is_village) as villages,
        count(*) filter (
            where covers.is_village and covers_households and covers_villages and covers_inspections
        ) as covered,
        sum(case when covers_households and covers_villages and covers_inspections then households.poor_members end)
            as poor_members,
        sum(case when covers_households and covers_villages and covers_inspections then households.exited_members end)
            as exited_members,
        sum(case when covers_households and covers_villages and covers_inspections then households.registered_members end)
            as registered_members,
        sum(case when covers_households and covers_villages and covers_inspections then villages.rural_population end)
            as rural_population
    from {{ ref('int_division_covers') }} as covers
    inner join {{ ref('int_division_pairs') }} as pairs
        on covers.period = pairs.period and covers.division_code = pairs.division_code
    left join {{ ref('int_household_measures') }} as households
        on covers.period = households.period and covers.division_code = households.division_code
    left join {{ ref('int_village_measures') }} as villages
        on covers.period = villages.period and covers.division_code = villages.division_code
    group by covers.period, pairs.ancestor_code

),

rated as (

    select
        covered.*,
        {{ exact_ratio('latest.missed_persons', 'latest.unregistered_sampled') }} as missed_rate,
        {{ exact_ratio('latest.wrong_exits', 'latest.exited_sampled') }} as wrong_exit_rate
    from covered
    left join {{ ref('int_inspection_latest') }} as latest
        on covered.period = latest.period and covered.division_code = latest.division_code

)

select
    rated.period,
    rated.division_code,
    rated.villages,
    cast(
        coalesce(rated.poor_members, 0)
        + {{ share_of('rated.missed_rate', 'rated.rural_population - coalesce(rated.registered_members, 0)') }}
        + {{ share_of('rated.wrong_exit_rate', 'coalesce(rated.exited_members, 0)') }}
        as decimal(38, 10)
    ) as numerator,
    cast(rated.rural_population as decimal(38, 10)) as denominator,
    rated.covered
from rated
inner join {{ ref('int_divisions') }} as divisions
    on rated.period = divisions.period and rated.division_code = divisions.division_code
where divisions.level <> 'village'
