{#- What Apache Spark says otherwise than DuckDB. Decimal arithmetic is without loss of precision
    (spark.sql.decimalOperations.allowPrecisionLoss = false). -#}

{#- The whole part and twelve places of the rest, each by whole-number division: a quotient of decimals is rounded, and sign()
    is a double here. -#}
{% macro spark__exact_ratio(numerator, denominator) -%}
    {%- set n, d = 'cast(' ~ numerator ~ ' as decimal(26, 10))', 'cast(' ~ denominator ~ ' as decimal(26, 10))' -%}
    case
        when {{ denominator }} <> 0
            then cast(
                cast({{ n }} div {{ d }} as decimal(20, 0))
                + cast({{ n }} % {{ d }} * 1000000000000 div {{ d }} as decimal(13, 0))
                * cast(0.000000000001 as decimal(13, 12))
                as decimal(38, 12)
            )
    end
{%- endmacro %}

{% macro spark__share_of(rate, count) -%}
    cast({{ rate }} as decimal(20, 12)) * cast({{ count }} as decimal(17, 0))
{%- endmacro %}

{% macro spark__half_up_cents(amount, count) -%}
    case
        when {{ count }} <> 0
            then cast(
                round(cast({{ amount }} as decimal(26, 10)) / cast({{ count }} as decimal(20, 0)), 2) as decimal(38, 2)
            )
    end
{%- endmacro %}

{% macro spark__month_series(first, last) -%}
    select date_format(month_start, 'yyyy-MM') as period
    from (
        select explode(sequence(
            to_date(({{ first }}) || '-01'), to_date(({{ last }}) || '-01'), interval 1 month
        )) as month_start
    )
{%- endmacro %}

{% macro spark__month_of(day) -%}
    date_format({{ day }}, 'yyyy-MM')
{%- endmacro %}

{% macro spark__add_months_to(period, months) -%}
    date_format(add_months(to_date({{ period }} || '-01'), {{ months }}), 'yyyy-MM')
{%- endmacro %}

{% macro spark__days_between(first, last) -%}
    date_diff(cast({{ last }} as date), cast({{ first }} as date))
{%- endmacro %}

{% macro spark__add_days(day, days) -%}
    date_add({{ day }}, cast({{ days }} as integer))
{%- endmacro %}

{#- The list of no texts at all is empty here, not NULL. -#}
{% macro spark__joined_text(text, position) -%}
    case
        when count({{ text }}) > 0
            then array_join(
                {%- if position -%}
                transform(
                    array_sort(collect_list(
                        case when {{ text }} is not null then struct({{ position }} as place, {{ text }} as said) end
                    )),
                    each -> each.said
                )
                {%- else -%}
                array_sort(collect_list({{ text }}))
                {%- endif -%}
                , '、'
            )
    end
{%- endmacro %}

{% macro spark__unpivot_indicators(relation, keys, codes) -%}
    select
        {{ keys | join(', ') }},
        unpivoted.indicator_code,
        unpivoted.numerator,
        unpivoted.denominator,
        unpivoted.covered
    from {{ relation }}
    lateral view stack(
        {{ codes | length }},
        {%- for code in codes %}
        '{{ code }}', cast({{ code }}__n as decimal(38, 10)), cast({{ code }}__d as decimal(38, 10)), {{ code }}__covered
        {{- "," if not loop.last }}
        {%- endfor %}
    ) unpivoted as indicator_code, numerator, denominator, covered
{%- endmacro %}

{% macro spark__catalogue_table(name) -%}
    parquet.`{{ env_var("GUATU_CATALOGUE", "catalogue") }}/{{ name }}.parquet`
{%- endmacro %}

{% macro spark__without(columns) -%}
    except ({{ columns | join(', ') }})
{%- endmacro %}

{#- Columns one relation lacks are NULL in its rows. -#}
{% macro spark__union_by_name(relations) -%}
    {%- set columns, held = [], [] -%}
    {%- if execute -%}
        {%- for relation in relations -%}
            {%- set names = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
            {%- do held.append(names) -%}
            {%- for name in names if name not in columns -%}{%- do columns.append(name) -%}{%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for relation in relations %}
    {{ "union all" if not loop.first }}
    select
        {%- set own = held[loop.index0] if execute else [] %}
        {%- for name in columns %}
        {{ name if name in own else "null as " ~ name }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    {%- endfor %}
{%- endmacro %}

{#- Spark reads no files by an expression in place of a table's name: before a run the lake, the ledger and the catalogue
    become tables (dbt run-operation register_sources). -#}
{% macro register_sources() -%}
    {%- if execute -%}
        {%- for node in graph.sources.values() -%}
            {%- do run_query("create database if not exists " ~ node.source_name) -%}
            {%- do run_query("drop table if exists " ~ node.source_name ~ "." ~ node.name) -%}
            {%- do run_query(spark_source(node)) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{% macro spark_source(node) -%}
    create table {{ node.source_name }}.{{ node.name }}
    {% if node.name == 'submissions' -%}
    (
        submission_id bigint, sha256 string, file_name string, template string, scope_code string, period string,
        received_at timestamp_ntz, outcome string, rows_read bigint, rows_accepted bigint, rows_rejected bigint,
        rows_warned bigint, reason string
    )
    using json options (path '{{ env_var("GUATU_LEDGER", "ledger.jsonl") }}')
    {%- elif node.source_name == 'catalogue' -%}
    using parquet options (path '{{ env_var("GUATU_CATALOGUE", "catalogue") }}/{{ node.name }}.parquet')
    {%- else -%}
    using parquet options (
        path '{{ env_var("GUATU_LAKE", "lake") }}/{{ "_problems" if node.name == "problems" else node.name }}',
        recursiveFileLookup 'true', mergeSchema 'true'
    )
    {%- endif %}
{%- endmacro %}

{% macro spark__exact_share(part, whole) -%}
    cast(
        cast(case when {{ whole }} <> 0 then {{ part }} * 1000000000000 div {{ whole }} end as decimal(18, 0))
        * cast(0.000000000001 as decimal(13, 12))
        as decimal(38, 12)
    )
{%- endmacro %}

{% macro spark__unpivot_uncovered(relation, keys, codes) -%}
    select
        {{ keys | join(', ') }},
        unpivoted.indicator_code
    from {{ relation }}
    lateral view stack(
        {{ codes | length }},
        {%- for code in codes %}
        '{{ code }}', {{ code }}__covered{{ "," if not loop.last }}
        {%- endfor %}
    ) unpivoted as indicator_code, covered
    where unpivoted.covered = 0
{%- endmacro %}

{% macro spark__key_hash(key) -%}
    xxhash64({{ key }})
{%- endmacro %}
