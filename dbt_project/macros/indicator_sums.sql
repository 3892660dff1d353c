{#- Numerator and denominator of every indicator of the catalogue by period and division, and how many of its villages are
    covered by every template the indicator needs.

    A division's own rows count only where the division itself is covered by them all; a division without villages in the
    tree stands for one. Divisions with nothing below them are added up with nothing (`added` false): of a country's that is
    all but one in twenty, and sums of so many columns for all of them would not fit into the memory of a small machine. -#}

{% macro indicator_sums(added) %}
{%- set indicators = catalogue_indicators() %}
{%- set subjects = [
    'int_inspection_measures', 'int_fund_measures', 'int_project_measures', 'int_rectification_measures',
    'int_asset_measures', 'int_triple_measures', 'int_reporting_measures',
] %}
{%- set need_sets = [] %}
{%- for indicator in indicators if indicator.needs not in need_sets %}{% do need_sets.append(indicator.needs) %}{% endfor %}
{%- set sum, division = ('sum', 'pairs.ancestor_code') if added else ('', 'own_rows.division_code') %}
with own_rows as (

    select
        people.period,
        people.division_code,
        people.is_village,
        {%- for needs in need_sets %}
        {% for need in needs %}people.covers_{{ need }}{{ " and " if not loop.last }}{% else %}true{% endfor %} as need_{{ loop.index }},
        {%- endfor %}
        {%- for indicator in indicators %}
        {{ indicator.numerator }} as {{ indicator.code }}__n,
        {{ indicator.denominator if indicator.denominator else 'null' }} as {{ indicator.code }}__d{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref('int_division_people') }} as people
    {%- for subject in subjects %}
    left join {{ ref(subject) }} as s{{ loop.index }}
        on people.period = s{{ loop.index }}.period and people.division_code = s{{ loop.index }}.division_code
    {%- endfor %}

),

summed as (

    select
        own_rows.period,
        {{ division }} as division_code,
        {{ sum }}(case when is_village then 1 else 0 end) as villages,
        {%- for needs in need_sets %}
        {{ sum }}(case when is_village and need_{{ loop.index }} then 1 else 0 end) as covered_{{ loop.index }},
        {{ sum }}(case when own_rows.division_code = {{ division }} and need_{{ loop.index }} then 1 else 0 end)
            as self_{{ loop.index }},
        {%- endfor %}
        {%- for indicator in indicators %}
        {%- set need = need_sets.index(indicator.needs) + 1 %}
        {{ sum }}(case when need_{{ need }} then {{ indicator.code }}__n end) as {{ indicator.code }}__n,
        {% if indicator.denominator -%}
        {{ sum }}(case when need_{{ need }} then {{ indicator.code }}__d end) as {{ indicator.code }}__d
        {%- else -%}
        cast(null as decimal(38, 10)) as {{ indicator.code }}__d
        {%- endif -%}
        {{ "," if not loop.last }}
        {%- endfor %}
    from own_rows
    {%- if added %}
    inner join {{ ref('int_division_pairs') }} as pairs
        on own_rows.period = pairs.period and own_rows.division_code = pairs.division_code
    {%- endif %}
    left join {{ ref('int_division_parents') }} as parents
        on own_rows.period = parents.period and {{ division }} = parents.division_code
    where parents.period is {{ 'not ' if added }}null
    {{ 'group by own_rows.period, ' ~ division if added }}

)

select
    period,
    division_code,
    cast(villages as bigint) as villages,
    {%- for indicator in indicators %}
    {%- set need = need_sets.index(indicator.needs) + 1 %}
    cast({{ indicator.code }}__n as decimal(38, 10)) as {{ indicator.code }}__n,
    cast({{ indicator.code }}__d as decimal(38, 10)) as {{ indicator.code }}__d,
    cast(case when villages > 0 then covered_{{ need }} else self_{{ need }} end as bigint) as {{ indicator.code }}__covered{{ "," if not loop.last }}
    {%- endfor %}
from summed
{% endmacro %}
