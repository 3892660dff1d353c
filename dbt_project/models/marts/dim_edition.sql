{{ config(meta={'months': 'whole'}) }}
-- One row: the edition.
select
    cast('{{ var("edition_id") }}' as string) as edition_id,
    cast('{{ var("edition_period", var("period")) }}' as string) as period,
    cast('{{ var("as_of") }}' as timestamp) as as_of
