-- One row per consequence of a place in a ranking, for units inside the scheme's own division.
-- Different objects add up; on one object and kind of consequence the heaviest stands and absorbs the others. Too few ranked
-- units, a tie into both groups, or a rank not announced yet: nothing is awarded or imposed, and the row says so.
with units as (

    select
        rankings.*,
        schemes.division_code as scheme_division_code
    from {{ ref('int_rankings') }} as rankings
    inner join {{ source('catalogue', 'schemes') }} as schemes on rankings.scheme = schemes.scheme
    inner join {{ ref('int_division_pairs') }} as pairs
        on rankings.edition_period = pairs.period
        and rankings.division_code = pairs.division_code
        and schemes.division_code = pairs.ancestor_code

),

group_sizes as (

    select
        scheme,
        ranking,
        coalesce(first_places, 0) + coalesce(last_places, 0) as units_needed
    from {{ ref('int_ranking_groups') }}

),

triggered as (

    select
        units.*,
        actions.clause_id,
        actions.trigger,
        actions.n,
        actions.periods,
        actions.object,
        actions.kind,
        actions.amount,
        group_sizes.units_needed,
        units.state = 'pending_announcement' as is_pending
    from units
    inner join {{ source('catalogue', 'scheme_actions') }} as actions
        on units.scheme = actions.scheme and units.ranking = actions.ranking
    inner join group_sizes on units.scheme = group_sizes.scheme and units.ranking = group_sizes.ranking
    left join {{ ref('int_lagging') }} as lagging
        on units.scheme = lagging.scheme
        and units.ranking = lagging.ranking
        and units.edition_period = lagging.edition_period
        and units.division_code = lagging.division_code
        and actions.clause_id = lagging.clause_id
    where
        (units.state = 'pending_announcement' and actions.trigger <> 'lagging')
        or (
            units.state = 'ranked'
            and case actions.trigger
                when 'top' then units.rank <= actions.n
                when 'last' then units.rank_from_bottom <= actions.n
                when 'lagging' then lagging.months_running >= actions.periods
            end
        )

),

-- the last place counts the units of a group once each, whatever number of consequences a unit has in it
numbered as (

    select
        *,
        dense_rank() over (
            partition by scheme, ranking, edition_period, class, trigger, n order by division_code
        ) as unit_place
    from triggered

),

settled as (

    select
        numbered.*,
        count(case when trigger = 'top' and not is_pending then 1 end) over unit_window > 0
        and count(case when trigger = 'last' and not is_pending then 1 end) over unit_window > 0 as is_in_both_groups,
        max(unit_place) over group_window as group_size
    from numbered
    window
        unit_window as (partition by scheme, ranking, edition_period, division_code),
        group_window as (partition by scheme, ranking, edition_period, class, trigger, n)

),

weighed as (

    select
        settled.*,
        consequences.title,
        objects.title as object_title,
        case
            when is_pending then 'pending_announcement'
            when ranked_units < units_needed then 'insufficient_units'
            when is_in_both_groups then 'needs_review'
            else 'proposed'
        end as open_state,
        first_value(settled.clause_id) over heaviest_first as heaviest_clause_id,
        row_number() over heaviest_first as weight_place
    from settled
    inner join {{ source('catalogue', 'consequences') }} as consequences on settled.kind = consequences.kind
    inner join {{ source('catalogue', 'objects') }} as objects on settled.object = objects.object
    window heaviest_first as (
        partition by
            settled.scheme, settled.ranking, settled.edition_period, settled.division_code, settled.object,
            consequences.consequence, settled.is_pending
        order by consequences.weight desc, abs(coalesce(settled.amount, 0)) desc, settled.clause_id
    )

)

select
    scheme,
    ranking,
    edition_period,
    round_code,
    division_code,
    clause_id,
    trigger || '_' || cast(case when trigger = 'lagging' then periods else n end as string) as trigger,
    object,
    kind,
    amount,
    case when open_state = 'proposed' and weight_place > 1 then heaviest_clause_id end as absorbed_by,
    case when open_state = 'proposed' and weight_place > 1 then 'absorbed' else open_state end as state,
    case open_state
        when 'pending_announcement' then '名次未公布,待上级通报'
        when 'insufficient_units' then '参评单位不足:共' || cast(ranked_units as string) || '个,前后两组至少需'
            || cast(units_needed as string) || '个'
        when 'needs_review' then '并列使该单位同时进入前后两组,需研究'
        else case trigger
            when 'top' then '第' || cast(rank as string) || '名,前' || cast(n as string) || '名'
            when 'last' then '倒数第' || cast(rank_from_bottom as string) || '名,后' || cast(n as string) || '名'
            when 'lagging' then '连续' || cast(periods as string) || '个月支出滞后且列后' || cast(n as string) || '名'
        end
        || case when group_size > n and trigger in ('top', 'last') and amount is not null
            then ';并列使该组达' || cast(group_size as string) || '个单位,奖金超出预算' else '' end
    end as reason,
    title,
    object_title,
    score,
    rank,
    rank_from_bottom
from weighed
