{#- Small readings of the rules that several models share. -#}

{#- Full years of age on a day. Born on 29 February, one comes of age on 1 March. -#}
{% macro age_on(birth_date, day) -%}
    year({{ day }}) - year({{ birth_date }}) - case
        when month({{ birth_date }}) > month({{ day }})
            or (month({{ birth_date }}) = month({{ day }}) and day({{ birth_date }}) > day({{ day }})) then 1
        else 0
    end
{%- endmacro %}

{#- A three-valued condition as pass / fail / unknown. -#}
{% macro verdict(condition) -%}
    case when {{ condition }} then 'pass' when not ({{ condition }}) then 'fail' else 'unknown' end
{%- endmacro %}

{#- The significant digits of a division code: 2, 4, 6, 9 or 12. -#}
{% macro code_prefix(code) -%}
    case
        when right({{ code }}, 10) = '0000000000' then left({{ code }}, 2)
        when right({{ code }}, 8) = '00000000' then left({{ code }}, 4)
        when right({{ code }}, 6) = '000000' then left({{ code }}, 6)
        when right({{ code }}, 3) = '000' then left({{ code }}, 9)
        else {{ code }}
    end
{%- endmacro %}

{#- Does numerator / denominator stand in the relation `operator` to `threshold`? Exact, by multiplying out. -#}
{% macro reaches(numerator, denominator, operator, threshold) -%}
    case {{ operator }}
        when '<' then {{ numerator }} < {{ threshold }} * {{ denominator }}
        when '<=' then {{ numerator }} <= {{ threshold }} * {{ denominator }}
        when '>' then {{ numerator }} > {{ threshold }} * {{ denominator }}
        when '>=' then {{ numerator }} >= {{ threshold }} * {{ denominator }}
    end
{%- endmacro %}

{#- What a weighted item adds to a score: its value, turned round where lower is better and rounded to ten places, by its weight.
    Rounded in 64 bits where the value fits, as almost every percentage does: 128 bits cost a third more. The product has room
    for a share of any size: two numbers of 64 bits would overflow at a hundredfold. -#}
{% macro weighed(value, better, weight) -%}
    {%- set turned = 'case ' ~ better ~ " when 'lower' then 1 - " ~ value ~ ' else ' ~ value ~ ' end' -%}
    cast(
        case
            when {{ value }} between -100000 and 100000 then cast(cast({{ turned }} as decimal(18, 12)) as decimal(18, 10))
            else cast({{ turned }} as decimal(24, 10))
        end as decimal(24, 10)
    ) * cast({{ weight }} as decimal(9, 4))
{%- endmacro %}

{#- 元 where the numerator of a row of the indicator catalogue is money, NULL where it is a count. -#}
{% macro counted_in(indicators) -%}
    case
        when {{ indicators }}.unit = '元' or {{ indicators }}.numerator_measure like 'paid_%' then '元'
        when {{ indicators }}.numerator_measure like 'allocated_%projects' then null
        when {{ indicators }}.numerator_measure like 'allocated_%' then '元'
    end
{%- endmacro %}

{#- The numbers that official documents set (seeds/reference/parameters.csv), as literals by name. -#}
{% macro parameters() -%}
    {%- set found = {} -%}
    {%- if execute -%}
        {%- set rows = run_query(
            "select parameter, regexp_replace(cast(value as string), '[.]?0+$', '') from "
            ~ catalogue_table('parameters')
        ) -%}
        {%- for row in rows -%}{%- do found.update({row[0]: row[1]}) -%}{%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro %}

{#- The catalogue's indicators as dictionaries (code, numerator, denominator, needs). -#}
{% macro catalogue_indicators() -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- set rows = run_query(
            "select indicator_code, numerator_measure, denominator_measure, coalesce(needs, '') from "
            ~ catalogue_table('indicators')
            ~ " where numerator_measure is not null order by position"
        ) -%}
        {%- for row in rows -%}
            {%- do found.append({
                'code': row[0], 'numerator': row[1], 'denominator': row[2],
                'needs': row[3].replace('@', '__').replace('.', '__').split()
            }) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro %}

{#- The reporting templates as dictionaries (template, division and key columns, standing: any column that stands from month to
    month), by name. The division tree is the county's own affair and not among them. -#}
{% macro catalogue_forms() -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- set rows = run_query(
            "select template, field, is_key, is_division, is_standing from " ~ catalogue_table('template_fields')
            ~ " where template <> 'divisions' order by template, position"
        ) -%}
        {%- for row in rows -%}
            {%- if not found or found[-1].template != row[0] -%}
                {%- do found.append({'template': row[0], 'division': none, 'key_columns': [], 'standing': false}) -%}
            {%- endif -%}
            {%- if row[2] -%}{%- do found[-1]['key_columns'].append(row[1]) -%}{%- endif -%}
            {%- if row[3] -%}{%- do found[-1].update({'division': row[1]}) -%}{%- endif -%}
            {%- if row[4] -%}{%- do found[-1].update({'standing': true}) -%}{%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro %}

{#- A template as one bit of a number that stands for a set of them. -#}
{% macro form_bit(position) -%}
    cast(power(2, {{ position }}) as bigint)
{%- endmacro %}

{#- A value as people read it, to two places: 75.00%, or of differences 0.83个百分点; others with their unit. -#}
{% macro shown_value(value, unit, points=false) -%}
    case {{ unit }}
        when '%' then cast(cast({{ value }} * 100 as decimal(38, 2)) as string) || '{{ '个百分点' if points else '%' }}'
        else cast(cast({{ value }} as decimal(38, 2)) as string) || {{ unit }}
    end
{%- endmacro %}
