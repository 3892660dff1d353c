{#- The only place where engines may differ. The default is DuckDB; another engine adds its own `<engine>__` form. -#}

{#- numerator / denominator as an exact decimal, cut (not rounded) after 12 places; NULL where the denominator is NULL or 0.
    Decimals of up to 10 places; integer arithmetic throughout, because a double would break ties. -#}
{% macro exact_ratio(numerator, denominator) -%}
    {{ return(adapter.dispatch('exact_ratio', 'guatu')(numerator, denominator)) }}
{%- endmacro %}

{% macro default__exact_ratio(numerator, denominator) -%}
    case
        when {{ denominator }} <> 0
            then cast(
                (cast(cast({{ numerator }} as decimal(38, 10)) * 10000000000 as hugeint) * 1000000000000)
                // cast(cast({{ denominator }} as decimal(38, 10)) * 10000000000 as hugeint)
                as decimal(38, 0)
            ) * cast(0.000000000001 as decimal(13, 12))
    end
{%- endmacro %}

{#- amount / count rounded half up to two places (分), away from zero as money is. -#}
{% macro half_up_cents(amount, count) -%}
    {{ return(adapter.dispatch('half_up_cents', 'guatu')(amount, count)) }}
{%- endmacro %}

{% macro default__half_up_cents(amount, count) -%}
    case
        when {{ count }} <> 0
            then cast(
                sign({{ amount }}) * (
                    (2 * cast(abs({{ amount }}) * 100 as hugeint) + {{ count }}) // (2 * {{ count }})
                )
                as decimal(20, 0)
            ) * cast(0.01 as decimal(3, 2))
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

{#- A number written as text, or NULL where it is none. -#}
{% macro number_in(text) -%}
    try_cast(replace({{ text }}, ',', '') as decimal(24, 6))
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

{#- A table of the catalogue for reading while SQL is generated, outside the graph. -#}
{% macro catalogue_table(name) -%}
    {{ return(adapter.dispatch('catalogue_table', 'guatu')(name)) }}
{%- endmacro %}

{% macro default__catalogue_table(name) -%}
    read_parquet('{{ env_var("GUATU_CATALOGUE", "catalogue") }}/{{ name }}.parquet')
{%- endmacro %}
