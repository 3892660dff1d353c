"""Warehouses as a build leaves them, small enough to publish many times."""

from pathlib import Path

import duckdb


def write_warehouse(path: Path, marker: int = 1, period: str = "2022-06", order: str = "") -> Path:
    """Marts that all carry ``marker``, so that a mixture of two builds shows."""
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            f"create table marts.dim_edition as select 'x' as edition_id, '{period}' as period, now() as as_of"
        )
        connection.execute(
            """
            create table marts.dim_division (
                division_code varchar, name varchar, level varchar, parent_code varchar, province_code varchar,
                prefecture_code varchar, county_code varchar, township_code varchar, predecessor_code varchar
            )
            """
        )
        connection.execute(
            """
            create table marts.fct_submission (
                submission_id bigint, file_name varchar, template varchar, scope_code varchar, period varchar,
                received_at timestamp, outcome varchar
            )
            """
        )
        connection.execute(
            f"""
            create table marts.fct_indicator as
            select
                '{period}' as period,
                printf('%012d', 522300000000 + i) as division_code,
                'linkage_expenditure_rate' as indicator_code,
                {marker}::decimal(24, 8) as numerator,
                1000::decimal(24, 8) as denominator,
                ({marker} / 1000)::decimal(24, 8) as value,
                1::decimal(12, 8) as coverage,
                case when i % 7 = 0 then null else 'value' end as state
            from range(2000) as r (i) {order}
            """
        )
        connection.execute(
            f"""
            create table marts.fct_ranking as
            select
                'bijie-2022' as scheme, 'monthly-expenditure' as ranking, '{period}' as edition_period,
                'all' as class, printf('%012d', 520500000000 + i) as division_code,
                {marker}::decimal(12, 2) as score, 'ranked' as state,
                (i + 1)::integer as rank, (8 - i)::integer as rank_from_bottom
            from range(8) as r (i) {order}
            """
        )
        connection.execute(
            f"""
            create table marts.fct_action as
            select
                'bijie-2022' as scheme, 'monthly-expenditure' as ranking, '{period}' as edition_period,
                '520521000000' as division_code, 'B-01' as clause_id, 'unit_leaders' as object,
                'interview' as kind, null::decimal(18, 2) as amount, 'proposed' as state,
                null::varchar as absorbed_by
            where {marker} > 1
            """
        )
    return path
