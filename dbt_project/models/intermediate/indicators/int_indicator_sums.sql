-- One row per period and division at any level: for each indicator of the catalogue its numerator and denominator added
-- up the tree, and how many of its villages are covered by every template the indicator needs.
-- A division's own rows count only where the division itself is covered by them all; a division without villages in the
-- tree stands for one.
{% set indicators = catalogue_indicators() %}
{% set subjects = [
    'int_household_measures', 'int_person_measures', 'int_person_year_ago', 'int_village_measures', 'int_team_measures',
    'int_inspection_measures', 'int_fund_measures', 'int_project_measures', 'int_loan_measures',
    'int_rectification_measures', 'int_asset_measures', 'int_triple_measures', 'int_reporting_measures',
] %}
{% set need_sets = [] %}
{% for indicator in indicators if indicator.needs not in need_sets %}{% do need_sets.append(indicator.needs) %}{% endfor %}

with nodes as (

    select
        covers.period,
        covers.division_code,
        covers.is_village,
        {%- for needs in need_sets %}
        {% for need in needs %}covers.covers_{{ need }}{{ " and " if not loop.last }}{% else %}true{% endfor %} as need_{{ loop.index }},
        {%- endfor %}
        {%- for indicator in indicators %}
        {{ indicator.numerator }} as {{ indicator.code }}__n,
        {{ indicator.denominator if indicator.denominator else 'null' }} as {{ indicator.code }}__d{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref('int_division_covers') }} as covers
    {%- for subject in subjects %}
    left join {{ ref(subject) }} as s{{ loop.index }}
        on covers.period = s{{ loop.index }}.period and covers.division_code = s{{ loop.index }}.division_code
    {%- endfor %}

),

rolled as (

    select
        nodes.period,
        pairs.ancestor_code as division_code,
        count(case when nodes.is_village then 1 end) as villages,
        {%- for needs in need_sets %}
        count(case when nodes.is_village and nodes.need_{{ loop.index }} then 1 end) as covered_{{ loop.index }},
        count(case when nodes.division_code = pairs.ancestor_code and nodes.need_{{ loop.index }} then 1 end) as self_{{ loop.index }},
        {%- endfor %}
        {%- for indicator in indicators %}
        {%- set need = need_sets.index(indicator.needs) + 1 %}
        sum(case when nodes.need_{{ need }} then nodes.{{ indicator.code }}__n end) as {{ indicator.code }}__n,
        {% if indicator.denominator -%}
        sum(case when nodes.need_{{ need }} then nodes.{{ indicator.code }}__d end) as {{ indicator.code }}__d
        {%- else -%}
        cast(null as decimal(38, 10)) as {{ indicator.code }}__d
        {%- endif -%}
        {{ "," if not loop.last }}
        {%- endfor %}
    from nodes
    inner join {{ ref('int_division_pairs') }} as pairs
        on nodes.period = pairs.period and nodes.division_code = pairs.division_code
    group by nodes.period, pairs.ancestor_code

)

select
    period,
    division_code,
    villages,
    {%- for indicator in indicators %}
    {%- set need = need_sets.index(indicator.needs) + 1 %}
    cast({{ indicator.code }}__n as decimal(38, 10)) as {{ indicator.code }}__n,
    cast({{ indicator.code }}__d as decimal(38, 10)) as {{ indicator.code }}__d,
    case when villages > 0 then covered_{{ need }} else self_{{ need }} end as {{ indicator.code }}__covered{{ "," if not loop.last }}
    {%- endfor %}
from rolled
