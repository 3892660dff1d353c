"""What people recorded about a month: known to the edition shown, and later than it."""

from collections.abc import Mapping

import polars as pl

from dashboards.edition import Edition, query
from dashboards.leaders.deciding import NEXT_EDITION
from dashboards.parts.tables import Column
from orchestration.access.roles import Grant
from orchestration.records.model import KIND_TITLES, STEP_TITLES
from orchestration.records.store import read_decisions
from orchestration.settings import get_settings

RECORDS = [
    Column("entry", "序号", "count"),
    Column("decided_at", "时间"),
    Column("name", "单位"),
    Column("matter", "事项"),
    Column("step", "结果"),
    Column("amount", "金额(万元)", "money", blank=""),
    Column("score", "更正得分", "score", blank=""),
    Column("person", "经办人"),
    Column("reason", "理由"),
    Column("shown_in", "在本版本"),
]


def codes_inside(edition: Edition, held: Grant) -> set[str] | None:
    """Divisions the visitor answers for; None without a limit."""
    if held.everywhere:
        return None
    return {code for own in held.divisions for code in query(edition, "inside", division=own)["division_code"]}


def records(
    edition: Edition, period: str, held: Grant, kinds: Mapping[str, str], objects: Mapping[str, str]
) -> pl.DataFrame:
    """Everything recorded about the month: what this edition knows, and what came after it, newest first."""
    known = [{**row, "shown_in": "已计入"} for row in query(edition, "decisions", period=period).iter_rows(named=True)]
    inside = codes_inside(edition, held)
    since = [
        (entry, record)
        for entry, record in read_decisions(get_settings())
        if record.edition_period == period
        and record.decided_at > edition.as_of
        and (inside is None or record.division_code in inside)
    ]
    codes = ",".join(sorted({record.division_code for _, record in since if record.division_code}))
    names = dict(query(edition, "names", codes=codes).iter_rows())
    later = [
        {
            **record.model_dump(),
            "entry": entry,
            "name": record.unit or names.get(record.division_code, record.division_code),
            "shown_in": f"之后记录,{NEXT_EDITION}",
        }
        for entry, record in since
    ]
    seen = {row["entry"] for row in known}
    rows = [row for row in later[::-1] if row["entry"] not in seen] + known
    shown = [
        {
            **{column.key: row.get(column.key) for column in RECORDS},
            "matter": "、".join(
                filter(None, [KIND_TITLES[row["kind"]], objects.get(row["object"]), kinds.get(row["action_kind"])])
            ),
            "step": STEP_TITLES.get(row["step"], row["step"]),
            "decided_at": f"{row['decided_at']:%Y-%m-%d %H:%M}",
        }
        for row in rows
    ]
    schema = {column.key: pl.String for column in RECORDS} | {
        "entry": pl.Int64, "amount": pl.Decimal(18, 2), "score": pl.Decimal(9, 4),
    }  # fmt: skip
    return pl.DataFrame(shown, schema=schema, orient="row")
