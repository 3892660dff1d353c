-- One row per clause of $scheme with what its elements show in the newest month up to $period that they have.
with

states as (
    select * from (
        values ('met', '达标'), ('missed', '未达标'), ('pending_benchmark', '待平均数'), ('not_due', '未到期'),
            ('no_data', '无数据'), ('stretch', '达争取目标'), ('target', '达目标'), ('floor', '仅达底线'),
            ('below', '未达底线'), ('missing', '未报送'), ('not_applicable', '不适用'), ('agrees', '一致'),
            ('differs', '不一致'), ('redacted', '原文缺失'), ('not_comparable', '无对应数据'), ('value', '有值'),
            ('ranked', '参评'), ('not_assessed', '未参评'), ('pending_announcement', '待上级通报'),
            ('proposed', '建议'), ('absorbed', '已吸收'), ('insufficient_units', '参评单位不足'),
            ('needs_review', '需研究'), ('verified', '已核实'), ('confirmed', '已审定'), ('changed', '审定变更'),
            ('waived', '免除'), ('carried_out', '已执行')
    ) as words(state, word)
),

facts as (
    select clause_id, '节点' as kind, period, state, null::varchar as said
    from marts.fct_milestone
    where scheme = $scheme
    union all
    select rule.clause_id, '目标', fact.period, coalesce(fact.band, fact.state), null
    from marts.fct_target as fact
    inner join (select distinct target, clause_id from marts.dim_target where scheme = $scheme) as rule using (target)
    where fact.scheme = $scheme
    union all
    select rule.clause_id, '排名', fact.edition_period, fact.state, null
    from marts.fct_ranking as fact
    inner join marts.dim_ranking as rule using (scheme, ranking)
    where fact.scheme = $scheme and rule.clause_id is not null
    union all
    select clause_id, '奖惩', edition_period, state, null
    from marts.fct_action
    where scheme = $scheme
    union all
    select
        clause_id,
        '任务',
        period,
        state,
        case
            when state = 'value'
                then format(
                    '完成 {},应完成 {}',
                    regexp_replace(achieved::varchar, '\.?0+$', ''),
                    coalesce(regexp_replace(target::varchar, '\.?0+$', ''), '(未定数量)')
                )
        end
    from marts.fct_task
    where scheme = $scheme
    union all
    select
        clause_id,
        '公布的数字',
        period,
        state,
        case
            when state = 'differs'
                then format(
                    '公布 {}{},库内 {}{}',
                    regexp_replace(published_value::varchar, '\.?0+$', ''),
                    coalesce(unit, ''),
                    regexp_replace(warehouse_value::varchar, '\.?0+$', ''),
                    coalesce(unit, '')
                )
        end
    from marts.fct_figure
    where scheme = $scheme
),

newest as (
    select clause_id, kind, max(period) as period
    from facts
    where period <= $period
    group by all
),

counted as (
    select
        facts.clause_id,
        facts.kind,
        facts.period,
        coalesce(states.word, facts.state) as word,
        count(*) as units,
        case when count(distinct facts.said) <= 2 then string_agg(distinct facts.said, ';') end as said,
        bool_or(facts.kind = '公布的数字' and facts.state = 'differs') as contradicts,
    from facts
    inner join newest using (clause_id, kind, period)
    left join states using (state)
    group by all
),

summed as (
    select
        clause_id,
        kind || '(' || period || '):' || string_agg(word || units, '、' order by units desc, word)
        || coalesce(';' || string_agg(said, ';'), '') as line,
        bool_or(contradicts) as contradicts,
    from counted
    group by clause_id, kind, period
)

select
    clause.clause_id,
    clause.kind,
    clause.title,
    clause.quote,
    clause.element,
    clause.source,
    clause.state,
    string_agg(summed.line, ' / ' order by summed.line) as numbers,
    coalesce(bool_or(summed.contradicts), false) as contradicts,
from marts.dim_scheme_clause as clause
left join summed using (clause_id)
where clause.scheme = $scheme
group by all
order by clause.clause_id
