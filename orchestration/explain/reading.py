"""What an explanation needs, read from one open edition (schema ``marts``); nothing is computed here."""

import duckdb

from orchestration.errors import GuatuError
from orchestration.release.reading import Row, rows

SHOWN_CHOICES = 30
"""Names listed in an error before 等."""


def edition_id(connection: duckdb.DuckDBPyConnection) -> str:
    """The edition's number."""
    return rows(connection, "select edition_id from marts.dim_edition")[0]["edition_id"]


def ranking_head(connection: duckdb.DuckDBPyConnection, scheme: str, ranking: str) -> Row:
    """The ranking with its scheme's title and its indicator. GuatuError ``no_such_ranking`` lists what there is."""
    found = rows(
        connection,
        """
        select ranking.*, scheme.title as scheme_title, indicator.unit, indicator.grain, indicator.better
        from marts.dim_ranking as ranking
        inner join marts.dim_scheme as scheme using (scheme)
        left join marts.dim_indicator as indicator using (indicator_code)
        order by ranking.scheme, ranking.ranking
        """,
    )
    for row in found:
        if (row["scheme"], row["ranking"]) == (scheme, ranking):
            return row
    listed = "、".join(f"{row['scheme']} 的 {row['ranking']}({row['title']})" for row in found)
    raise GuatuError(
        "no_such_ranking",
        f"没有考核办法 {scheme} 的排名 {ranking}。现有:{listed or '无'}。",
        f"no ranking {ranking} in scheme {scheme}; there are: {', '.join(row['ranking'] for row in found) or 'none'}",
    )


def ranked_rows(
    connection: duckdb.DuckDBPyConnection, scheme: str, ranking: str, period: str, class_: str
) -> list[Row]:
    """The ranking's units in the period and class, best first; GuatuError ``no_such_period`` lists the periods."""
    found = rows(
        connection,
        """
        select fact.*, coalesce(division.name, fact.division_code) as name
        from marts.fct_ranking as fact
        left join marts.dim_division as division using (division_code)
        where fact.scheme = $1 and fact.ranking = $2 and fact.edition_period = $3 and fact.class = $4
        order by fact.rank nulls last, fact.division_code
        """,
        scheme,
        ranking,
        period,
        class_,
    )
    if found:
        return found
    known = rows(
        connection,
        """
        select distinct edition_period || case class when 'all' then '' else '(' || class || ')' end as text
        from marts.fct_ranking where scheme = $1 and ranking = $2 order by text
        """,
        scheme,
        ranking,
    )
    listed = "、".join(row["text"] for row in known)
    raise GuatuError(
        "no_such_period",
        f"排名 {ranking} 在 {period} 没有结果。本版本有:{listed or '无'}。",
        f"ranking {ranking} has no result in {period}; this edition has: {listed or 'none'}",
    )


def find_unit(units: list[Row], division: str) -> Row:
    """The unit by code (12 digits or its significant ones) or by its name, unique in the ranking.

    Raises GuatuError ``no_such_unit`` or ``ambiguous_unit``, both listing the choices.
    """
    wanted = division.strip()
    if wanted.isdigit():
        matches = [unit for unit in units if unit["division_code"] == wanted.ljust(12, "0")]
    else:
        matches = [unit for unit in units if unit["name"] == wanted]
    if len(matches) == 1:
        return matches[0]
    shown = matches or units
    listed = "、".join(f"{unit['name']}({unit['division_code']})" for unit in shown[:SHOWN_CHOICES])
    more = f"等 {len(shown)} 个" if len(shown) > SHOWN_CHOICES else ""
    codes = ", ".join(unit["division_code"] for unit in shown[:SHOWN_CHOICES])
    if matches:
        raise GuatuError(
            "ambiguous_unit",
            f"有 {len(matches)} 个单位名为“{wanted}”,请改用区划代码:{listed}。",
            f"{len(matches)} units are called {wanted}; give a code: {codes}",
        )
    raise GuatuError(
        "no_such_unit",
        f"该排名中没有单位“{wanted}”。有:{listed}{more}。",
        f"no unit {wanted} in this ranking; there are: {codes}",
    )


def rank_items(connection: duckdb.DuckDBPyConnection, unit: Row) -> list[Row]:
    """The items of every unit of the ranking that ``unit`` belongs to, in a stated order."""
    return rows(
        connection,
        """
        select division_code, item, title, value, numerator, denominator, unit, weight,
            contribution, numerator_unit, movable
        from marts.fct_rank_item
        where scheme = $1 and ranking = $2 and edition_period = $3 and class = $4
        order by
            division_code,
            case item when 'score' then 1 when 'numerator' then 2 when 'denominator' then 3 else 4 end,
            item
        """,
        unit["scheme"],
        unit["ranking"],
        unit["edition_period"],
        unit["class"],
    )


def action_groups(connection: duckdb.DuckDBPyConnection, scheme: str, ranking: str) -> list[Row]:
    """(trigger, n): the places to which the scheme attaches consequences."""
    return rows(
        connection,
        "select distinct trigger, n from marts.dim_action where scheme = $1 and ranking = $2 order by trigger, n",
        scheme,
        ranking,
    )


def indicators(connection: duckdb.DuckDBPyConnection) -> dict[str, Row]:
    """Which direction is better, and the grain, by indicator."""
    found = rows(connection, "select indicator_code, better, grain from marts.dim_indicator")
    return {row["indicator_code"]: row for row in found}


def milestone_rows(connection: duckdb.DuckDBPyConnection, unit: Row, indicator_code: str) -> list[Row]:
    """The scheme's milestones on the ranking's indicator, as they stand for the unit in the period."""
    return rows(
        connection,
        """
        select
            fact.milestone,
            fact.checkpoint,
            fact.threshold,
            fact.benchmark,
            fact.state,
            head.title,
            head.operator,
            head.benchmark_level
        from marts.fct_milestone as fact
        inner join marts.dim_milestone as head using (scheme, milestone)
        where fact.scheme = $1 and fact.period = $2 and fact.division_code = $3 and fact.indicator_code = $4
        order by fact.checkpoint
        """,
        unit["scheme"],
        unit["edition_period"],
        unit["division_code"],
        indicator_code,
    )


def consequence_rows(connection: duckdb.DuckDBPyConnection, unit: Row) -> list[Row]:
    """What the place leads to now, absorbed consequences left out."""
    return rows(
        connection,
        """
        select clause_id, object_title, title, amount, state, reason
        from marts.fct_action
        where scheme = $1 and ranking = $2 and edition_period = $3 and division_code = $4 and state <> 'absorbed'
        order by clause_id, object_title, title
        """,
        unit["scheme"],
        unit["ranking"],
        unit["edition_period"],
        unit["division_code"],
    )


def unpaid_money(connection: duckdb.DuckDBPyConnection, unit: Row) -> list[Row]:
    """(kind, code, available, unit_issued, unit_paid): this year's 衔接资金 still to be paid, by ledger entry.

    unit_issued and unit_paid are the unit's totals of the same entries, to be held against the ranking's own numerator
    and denominator before anything is said.
    """
    return rows(
        connection,
        """
        with places as (
            select division_code
            from marts.dim_division
            where $2 in (division_code, province_code, prefecture_code, county_code, township_code)
        ),

        receipts as (
            select * from marts.fct_fund_receipt
            where period = $1 and is_linkage and fund_year = cast(left($1, 4) as integer)
        ),

        allocations as (
            select allocation.*
            from marts.fct_fund_allocation as allocation
            inner join receipts using (period, receipt_id)
            inner join places on allocation.division_code = places.division_code
        ),

        own_receipts as (
            select receipts.* from receipts inner join places on receipts.division_code = places.division_code
        ),

        totals as (
            select
                (select sum(amount) from own_receipts) as unit_issued,
                (select coalesce(sum(paid), 0) from allocations) as unit_paid
        )

        select
            'unpaid_allocation' as kind,
            allocation_id as code,
            amount - paid as available,
            unit_issued,
            unit_paid
        from allocations, totals
        where amount > paid

        union all

        select
            'unallocated_receipt' as kind,
            receipt_id as code,
            amount - allocated as available,
            unit_issued,
            unit_paid
        from own_receipts, totals
        where amount > allocated

        order by kind, code
        """,
        unit["edition_period"],
        unit["division_code"],
    )
