{#- The only place where engines may differ. The default is DuckDB; another engine adds its own `<engine>__` form. -#}

{#- numerator / denominator as an exact decimal, cut (not rounded) after 12 places; NULL where the denominator is NULL or 0.
    Decimals of up to 10 places; integer arithmetic throughout, because a double would break ties. -#}
{% macro exact_ratio(numerator, denominator) -%}
    {{ return(adapter.dispatch('exact_ratio', 'guatu')(numerator, denominator)) }}
{%- endmacro %}

{#- Division of 128-bit numbers goes bit by bit here and costs seven times as much, so amounts that are whole 分 are divided
    in 64 bits, four places at a time as on paper. Reading them through a double is checked to be exact. All others are divided the
    same way in 128 bits, as the whole numbers their texts are without the point: to multiply them first would overflow. -#}
{% macro default__exact_ratio(numerator, denominator) -%}
    {%- set n, d = 'cast(' ~ numerator ~ ' as decimal(38, 10))', 'cast(' ~ denominator ~ ' as decimal(38, 10))' -%}
    {%- set cents_n = 'cast(round(cast(' ~ n ~ ' as double) * 100) as bigint)' -%}
    {%- set cents_d = 'cast(round(cast(' ~ d ~ ' as double) * 100) as bigint)' -%}
    case
        when {{ denominator }} = 0 then null
        when abs({{ numerator }}) >= 9000000000000 or abs({{ denominator }}) >= 9000000000000
            or cast({{ cents_n }} as decimal(18, 0)) * cast(0.01 as decimal(3, 2)) <> {{ n }}
            or cast({{ cents_d }} as decimal(18, 0)) * cast(0.01 as decimal(3, 2)) <> {{ d }}
            then {{ divided_on_paper(
                "cast(replace(cast(" ~ n ~ " as string), '.', '') as hugeint)",
                "cast(replace(cast(" ~ d ~ " as string), '.', '') as hugeint)",
            ) }}
        else {{ divided_on_paper(cents_n, cents_d) }}
    end
{%- endmacro %}

{#- A whole number by another, to twelve places, four at a time. -#}
{% macro divided_on_paper(n, d) -%}
    {%- set rest_1 = '(' ~ n ~ ' % ' ~ d ~ ' * 10000)' -%}
    {%- set rest_2 = '(' ~ rest_1 ~ ' % ' ~ d ~ ' * 10000)' -%}
    {%- set rest_3 = '(' ~ rest_2 ~ ' % ' ~ d ~ ' * 10000)' -%}
    cast(
        cast({{ n }} // {{ d }} as decimal(37, 12))
        + cast(
            {{ rest_1 }} // {{ d }} * 100000000 + {{ rest_2 }} // {{ d }} * 10000 + {{ rest_3 }} // {{ d }} as decimal(18, 0)
        ) * cast(0.000000000001 as decimal(13, 12))
        as decimal(38, 12)
    )
{%- endmacro %}

{#- part / whole of two counts (bigint), cut after 12 places; NULL where the whole is NULL or 0. -#}
{% macro exact_share(part, whole) -%}
    {{ return(adapter.dispatch('exact_share', 'guatu')(part, whole)) }}
{%- endmacro %}

{% macro default__exact_share(part, whole) -%}
    cast(
        cast(case when {{ whole }} <> 0 then {{ part }} * 1000000000000 // {{ whole }} end as decimal(18, 0))
        * cast(0.000000000001 as decimal(13, 12))
        as decimal(38, 12)
    )
{%- endmacro %}

{#- A rate (twelve places) of a count. -#}
{% macro share_of(rate, count) -%}
    {{ return(adapter.dispatch('share_of', 'guatu')(rate, count)) }}
{%- endmacro %}

{#- As wide as there is: two numbers of 64 bits overflow at a million. -#}
{% macro default__share_of(rate, count) -%}
    cast({{ rate }} as decimal(38, 12)) * cast({{ count }} as decimal(38, 0))
{%- endmacro %}

{#- amount / count rounded half up to two places (分), away from zero as money is. -#}
{% macro half_up_cents(amount, count) -%}
    {{ return(adapter.dispatch('half_up_cents', 'guatu')(amount, count)) }}
{%- endmacro %}

{#- In 64 bits as far as they reach, as exact_ratio. -#}
{% macro default__half_up_cents(amount, count) -%}
    {%- set fits = 'abs(' ~ amount ~ ') < 10000000000000 and abs(' ~ count ~ ') < 10000000000000' -%}
    case
        {%- for kind, money in [('bigint', 'decimal(18, 2)'), ('hugeint', 'decimal(24, 2)')] %}
        when {{ count }} <> 0{{ ' and ' ~ fits if kind == 'bigint' }}
            then cast(
                sign({{ amount }}) * (
                    (2 * cast(cast(abs({{ amount }}) as {{ money }}) * 100 as {{ kind }}) + {{ count }}) // (2 * {{ count }})
                )
                as decimal(20, 0)
            ) * cast(0.01 as decimal(3, 2))
        {%- endfor %}
    end
{%- endmacro %}

{#- The whole 元 of an amount, downwards; in 64 bits as far as they reach, as exact_ratio. -#}
{% macro whole_yuan(amount) -%}
    case
        when abs({{ amount }}) < 1000000000000000 then cast(floor(cast({{ amount }} as decimal(18, 2))) as bigint)
        else cast(floor({{ amount }}) as bigint)
    end
{%- endmacro %}

{#- Months as text YYYY-MM, from the first to the last of two such texts, one row each in column `period`. -#}
{% macro month_series(first, last) -%}
    {{ return(adapter.dispatch('month_series', 'guatu')(first, last)) }}
{%- endmacro %}

{% macro default__month_series(first, last) -%}
    select strftime(month_start, '%Y-%m') as period
    from (
        select unnest(generate_series(
            cast(({{ first }}) || '-01' as timestamp), cast(({{ last }}) || '-01' as timestamp), interval 1 month
        )) as month_start
    )
{%- endmacro %}

{#- The month (YYYY-MM) of a date. -#}
{% macro month_of(day) -%}
    {{ return(adapter.dispatch('month_of', 'guatu')(day)) }}
{%- endmacro %}

{% macro default__month_of(day) -%}
    strftime({{ day }}, '%Y-%m')
{%- endmacro %}

{#- The month (YYYY-MM) a number of months away from another. -#}
{% macro add_months_to(period, months) -%}
    {{ return(adapter.dispatch('add_months_to', 'guatu')(period, months)) }}
{%- endmacro %}

{% macro default__add_months_to(period, months) -%}
    strftime(cast({{ period }} || '-01' as date) + interval ({{ months }}) month, '%Y-%m')
{%- endmacro %}

{#- The last day of a month given as YYYY-MM. -#}
{% macro month_end(period) -%}
    last_day(cast({{ period }} || '-01' as date))
{%- endmacro %}

{#- Whole days from one date to another. -#}
{% macro days_between(first, last) -%}
    {{ return(adapter.dispatch('days_between', 'guatu')(first, last)) }}
{%- endmacro %}

{% macro default__days_between(first, last) -%}
    date_diff('day', {{ first }}, {{ last }})
{%- endmacro %}

{#- A date a number of days later. -#}
{% macro add_days(day, days) -%}
    {{ return(adapter.dispatch('add_days', 'guatu')(day, days)) }}
{%- endmacro %}

{% macro default__add_days(day, days) -%}
    cast({{ day }} + cast({{ days }} as integer) as date)
{%- endmacro %}

{#- The texts of a group with 、 between them, in their own order or by a position; NULL where there is none. -#}
{% macro joined_text(text, position=none) -%}
    {{ return(adapter.dispatch('joined_text', 'guatu')(text, position)) }}
{%- endmacro %}

{% macro default__joined_text(text, position) -%}
    string_agg({{ text }}, '、' order by {{ position or text }})
{%- endmacro %}

{#- A text, of a number however written always the same one. -#}
{% macro number_or_text(text) -%}
    coalesce(cast(try_cast(replace({{ text }}, ',', '') as decimal(24, 6)) as string), {{ text }})
{%- endmacro %}

{#- Rows for each of a list of indicators out of a wide table with <code>__n, <code>__d, <code>__covered. -#}
{% macro unpivot_indicators(relation, keys, codes) -%}
    {{ return(adapter.dispatch('unpivot_indicators', 'guatu')(relation, keys, codes)) }}
{%- endmacro %}

{% macro default__unpivot_indicators(relation, keys, codes) -%}
    select
        {{ keys | join(', ') }},
        indicator_code,
        numerator,
        denominator,
        covered
    from (select * from {{ relation }})
    unpivot include nulls (
        (numerator, denominator, covered) for indicator_code in (
            {%- for code in codes %}
            ({{ code }}__n, {{ code }}__d, {{ code }}__covered) as '{{ code }}'{{ "," if not loop.last }}
            {%- endfor %}
        )
    )
{%- endmacro %}

{#- The indicators of a wide table's rows whose <code>__covered is 0. -#}
{% macro unpivot_uncovered(relation, keys, codes) -%}
    {{ return(adapter.dispatch('unpivot_uncovered', 'guatu')(relation, keys, codes)) }}
{%- endmacro %}

{% macro default__unpivot_uncovered(relation, keys, codes) -%}
    select
        {{ keys | join(', ') }},
        indicator_code
    from (select {{ keys | join(', ') }}{% for code in codes %}, {{ code }}__covered{% endfor %} from {{ relation }})
    unpivot (
        covered for indicator_code in (
            {%- for code in codes %}
            {{ code }}__covered as '{{ code }}'{{ "," if not loop.last }}
            {%- endfor %}
        )
    )
    where covered = 0
{%- endmacro %}

{#- A table of the catalogue for reading while SQL is generated, outside the graph. -#}
{% macro catalogue_table(name) -%}
    {{ return(adapter.dispatch('catalogue_table', 'guatu')(name)) }}
{%- endmacro %}

{% macro default__catalogue_table(name) -%}
    read_parquet('{{ env_var("GUATU_CATALOGUE", "catalogue") }}/{{ name }}.parquet')
{%- endmacro %}

{#- All columns of a relation but some: `measured.* {{ without(['score']) }}`. -#}
{% macro without(columns) -%}
    {{ return(adapter.dispatch('without', 'guatu')(columns)) }}
{%- endmacro %}

{% macro default__without(columns) -%}
    exclude ({{ columns | join(', ') }})
{%- endmacro %}

{#- The rows of several relations, columns matched by their names. -#}
{% macro union_by_name(relations) -%}
    {{ return(adapter.dispatch('union_by_name', 'guatu')(relations)) }}
{%- endmacro %}

{% macro default__union_by_name(relations) -%}
    {%- for relation in relations %}
    {{ "union all by name" if not loop.first }}
    select * from {{ relation }}
    {%- endfor %}
{%- endmacro %}

{#- A number for the values of a key: equal ones have the same, and hardly any others. -#}
{% macro key_hash(key) -%}
    {{ return(adapter.dispatch('key_hash', 'guatu')(key)) }}
{%- endmacro %}

{% macro default__key_hash(key) -%}
    hash({{ key }})
{%- endmacro %}
