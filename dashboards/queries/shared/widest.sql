-- Figures of counties and of what they lie in, and of a township or village that lies in nothing: what any division has a
-- value of, one of these has one of too. The code that nothing has and the limit tell the engine that it need not read all villages.
select *
from marts.fct_indicator
where level in ('county', 'prefecture', 'province')
union all
select *
from marts.fct_indicator
where level in ('township', 'village')
    and division_code in (
        select division_code
        from marts.dim_division
        where parent_code is null and level in ('township', 'village')
        union all
        select '0'
        limit 1000
    )
