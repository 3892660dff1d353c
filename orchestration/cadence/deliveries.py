"""Deliveries (送达): who handed which report of a cadence to whom and when, in an append-only journal.

Writing a report is not delivering it: only what a person records here counts. What was recorded by mistake is withdrawn
by a later record; of two records on one delivery the later one speaks.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from orchestration.cadence.occurrences import occurrences
from orchestration.cadence.tables import NO_RECIPIENT
from orchestration.catalogue.cadences import Cadence
from orchestration.catalogue.schemes import Scheme, load_schemes
from orchestration.errors import GuatuError
from orchestration.records.journal import append_checked, checked_entries
from orchestration.settings import Settings

KEY = ("scheme", "cadence", "occurrence", "sender", "recipient")
SCHEMA: dict[str, pl.DataType] = {
    "entry": pl.Int64(),
    **dict.fromkeys(KEY, pl.String()),
    "delivered_at": pl.Datetime("us"),
    "person": pl.String(),
    "evidence": pl.String(),
    "recorded_at": pl.Datetime("us"),
}


def deliveries_table(settings: Settings, as_of: datetime | None = None) -> pl.DataFrame:
    """Every record made by ``as_of`` (all where None), oldest first; ``delivered_at`` is empty where it withdraws.

    Columns: entry, scheme, cadence, occurrence, sender (division code or unit), recipient, delivered_at, person,
    evidence, recorded_at; times are naive Asia/Shanghai. Raises GuatuError ``journal_damaged``.
    """
    path = settings.deliveries
    rows = [_typed(record) for record in (checked_entries(path) if path.exists() else [])]
    table = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return table if as_of is None else table.filter(pl.col("recorded_at") <= as_of)


def delivered(table: pl.DataFrame) -> dict[tuple[str, ...], datetime]:
    """What has been delivered by the records of a table: (scheme, cadence, occurrence, sender, recipient) → when."""
    newest = table.unique(KEY, keep="last", maintain_order=True).drop_nulls("delivered_at")
    return {tuple(row[:-1]): row[-1] for row in newest.select(*KEY, "delivered_at").iter_rows()}


def find_cadence(settings: Settings, scheme: str, cadence: str) -> tuple[Scheme, Cadence]:
    """A cadence of a scheme by their codes. Raises GuatuError ``unknown_cadence`` naming those there are."""
    known = load_schemes(settings.seeds)
    owing = {code: [c.code for c in each.cadences] for code, each in known.items() if each.cadences}
    found = next((c for c in known[scheme].cadences if c.code == cadence), None) if scheme in known else None
    if found is None:
        listed = "、".join(owing.get(scheme) or [f"{code}/{c}" for code, codes in owing.items() for c in codes])
        raise GuatuError(
            "unknown_cadence",
            f"没有定期事项 {scheme}/{cadence},可用的有:{listed}",
            f"no cadence {scheme}/{cadence}",
            exit_code=2,
        )
    return known[scheme], found


def record(
    settings: Settings,
    scheme: str,
    cadence: str,
    occurrence: str,
    sender: str,
    recipients: Sequence[str],
    delivered_at: datetime | None,
    person: str,
    evidence: str | None,
    recorded_at: datetime,
) -> list[str]:
    """Records that the recipients (all of the cadence where empty) have the report; returns their names.

    ``delivered_at`` None withdraws what was recorded before. Raises GuatuError where the scheme knows no such cadence,
    occurrence or recipient, where nobody is named, the time lies ahead, or there is nothing to withdraw.
    """
    head, found = find_cadence(settings, scheme, cadence)
    _refuse_unknown_occurrence(head, found, occurrence)
    wanted = _recipients(found, recipients)
    if not person.strip():
        raise GuatuError("no_person", "请写明登记人(--person)。", "name the person who records this", exit_code=2)
    if delivered_at is not None and delivered_at > recorded_at:
        raise GuatuError(
            "delivered_later",
            f"送达时间 {delivered_at:%Y-%m-%d %H:%M} 晚于现在,请核对。",
            "the time of delivery lies in the future",
            exit_code=2,
        )
    common = {"scheme": scheme, "cadence": cadence, "occurrence": occurrence, "sender": sender}
    rest = {"person": person.strip(), "evidence": evidence, "recorded_at": recorded_at.isoformat()}
    when = delivered_at.isoformat() if delivered_at else None

    def lines(before: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
        if delivered_at is None:
            _refuse_empty_withdrawal(before, common, wanted)
        return [{**common, "recipient": name, "delivered_at": when, **rest} for name in wanted]

    append_checked(settings.deliveries, lines)
    return wanted


def _typed(record: Mapping[str, Any]) -> dict[str, Any]:
    times = {
        name: datetime.fromisoformat(record[name]) if record[name] else None for name in ("delivered_at", "recorded_at")
    }
    return {name: record[name] for name in SCHEMA} | times


def _refuse_unknown_occurrence(scheme: Scheme, cadence: Cadence, occurrence: str) -> None:
    known = [each.occurrence for each in occurrences(cadence, scheme.valid_from, scheme.valid_to)]
    if occurrence not in known:
        raise GuatuError(
            "unknown_occurrence",
            f"{cadence.title}没有 {occurrence} 这一期,各期写法如 {'、'.join(known[:3])}"
            + (f"……{known[-1]}" if len(known) > 3 else ""),
            f"cadence {cadence.code} has no occurrence {occurrence}",
            exit_code=2,
        )


def _recipients(cadence: Cadence, wanted: Sequence[str]) -> list[str]:
    """The names asked for, or all of the cadence; a cadence without any has the one empty name."""
    unknown = [name for name in wanted if name not in cadence.recipients]
    if unknown:
        listed = f"收件方有:{'、'.join(cadence.recipients)}" if cadence.recipients else "文件未写明收件方,请不写 --to"
        raise GuatuError(
            "unknown_recipient",
            f"{cadence.title}不送{'、'.join(unknown)}。{listed}",
            f"{cadence.code} is not due to {', '.join(unknown)}",
            exit_code=2,
        )
    return list(wanted or cadence.recipients or (NO_RECIPIENT,))


def _refuse_empty_withdrawal(
    before: Sequence[Mapping[str, Any]], common: Mapping[str, str], wanted: Sequence[str]
) -> None:
    newest = {tuple(line[name] for name in KEY): line["delivered_at"] for line in before}
    missing = [name for name in wanted if not newest.get((*common.values(), name))]
    if missing:
        raise GuatuError(
            "nothing_to_withdraw",
            f"{common['occurrence']} 没有已登记的送达可撤销" + (f":{'、'.join(missing)}" if any(missing) else ""),
            "there is no such delivery to withdraw",
            exit_code=2,
        )
