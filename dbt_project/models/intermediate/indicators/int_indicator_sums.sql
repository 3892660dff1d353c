{{ config(materialized='view') }}
-- One row per period and division at any level: each indicator's numerator, denominator and coverage.
select * from {{ ref('int_indicator_sums_lowest') }}

union all

select * from {{ ref('int_indicator_sums_above') }}
