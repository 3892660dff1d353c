"""What an edition says, number by number, in the words a text would use for it: the yardstick for checking a text."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from orchestration.reports import wording
from orchestration.reports.asks import asked
from orchestration.reports.checkpoints import still_to_move
from orchestration.reports.consequences import STANDING
from orchestration.reports.facts import Facts, total
from orchestration.reports.quality import OUTCOMES, SEVERITIES
from orchestration.reports.source import Edition, Row


@dataclass(frozen=True)
class Claim:
    """One number of the edition.

    words   all must stand before the number in its sentence; the nearest claim is meant
    value   exact, in ``unit`` (percent and 百分点 already times 100)
    before  must stand directly before the number: 第, 倒数第, 前 …
    rises   for a change: whether it went up
    """

    words: tuple[str, ...]
    value: Decimal
    unit: str
    before: str = ""
    rises: bool | None = None


def claims(edition: Edition, facts: Facts) -> list[Claim]:
    """All claims of one scheme, division and period; the division's own need not name it."""
    return [
        *_own_indicators(facts),
        *_unit_indicators(edition, facts),
        *_targets(facts),
        *_rankings(facts),
        *_milestones(facts),
        *_actions(facts),
        *_reporting(facts),
    ]


def _measured(words: tuple[str, ...], value: Decimal | None, unit: str | None) -> Iterator[Claim]:
    if value is None:
        return
    exact = Decimal(value)
    if unit == "%":
        yield Claim(words, exact * 100, "%")
    else:
        yield Claim(words, exact, unit or "")
        if unit == "元":
            yield Claim(words, exact / wording.TEN_THOUSAND, "万元")


def _moved(words: tuple[str, ...], value: Decimal | None, former: Decimal | None, unit: str | None) -> Iterator[Claim]:
    if value is None or former is None:
        return
    difference = Decimal(value) - Decimal(former)
    for claim in _measured(words, abs(difference), unit):
        spoken = "个百分点" if claim.unit == "%" else claim.unit
        yield Claim(words, claim.value, spoken, rises=difference > 0)


def _own_indicators(facts: Facts) -> Iterator[Claim]:
    for row in facts.indicators:
        yield from _measured((row["title"],), row["value"], row["unit"])
        yield from _moved((row["title"], "较上月"), row["value"], row["previous_value"], row["unit"])
        yield from _moved((row["title"], "较上年同期"), row["value"], row["year_ago_value"], row["unit"])


def _unit_indicators(edition: Edition, facts: Facts) -> Iterator[Claim]:
    rows: list[Row] = edition.rows(
        """
        select fact.division_code, catalogue.title, catalogue.unit, fact.value, fact.previous_value, fact.year_ago_value
        from marts.fct_indicator as fact
        inner join marts.dim_indicator as catalogue using (indicator_code)
        where fact.period = $1 and fact.value is not null
        order by fact.division_code, fact.indicator_code
        """,
        facts.period,
    )
    for row in rows:
        if not facts.inside(row["division_code"]):
            continue
        place = facts.name(row["division_code"])
        yield from _measured((place, row["title"]), row["value"], row["unit"])
        for since, column in (("较上月", "previous_value"), ("较上年同期", "year_ago_value")):
            yield from _moved((place, row["title"], since), row["value"], row[column], row["unit"])
        if row["division_code"] == facts.division_code:
            yield from _measured((row["title"],), row["value"], row["unit"])


def _targets(facts: Facts) -> Iterator[Claim]:
    below = Counter(
        (row["target"], row["clause_id"], row["title"] or row["target"])
        for row in facts.targets
        if row["band"] == "below" and row["division_code"] != facts.division_code
    )
    for (_, _, title), units in below.items():
        yield Claim((title,), Decimal(units), "个", "等")


def _rankings(facts: Facts) -> Iterator[Claim]:
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in facts.rankings:
        groups.setdefault((row["ranking"], row["class"]), []).append(row)
    for group in groups.values():
        ranked = [row for row in group if row["rank"] is not None]
        own = [row for row in ranked if facts.inside(row["division_code"])]
        units = max((row["ranked_units"] or 0 for row in ranked), default=0) or len(ranked)
        yield Claim(("参评",), Decimal(units), "个单位")
        yield Claim(("其中", facts.name(facts.division_code)), Decimal(len(own)), "个")
        for before, column in (("前", "first_places"), ("后", "last_places")):
            yield Claim((), Decimal(group[0][column] or 0), "名", before)
        absent = [row for row in group if row["state"] == "not_assessed"]
        yield Claim(("未参评",), Decimal(len(absent)), "个", "未参评")
        pending = [
            row for row in group if row["state"] == "pending_announcement" and facts.inside(row["division_code"])
        ]
        yield Claim(("待上级通报",), Decimal(len(pending)), "个", "待上级通报")
        for row in ranked:
            place = facts.name(row["division_code"])
            yield Claim((place,), Decimal(row["rank"]), "名", "第")
            if row["rank_from_bottom"] is not None:
                yield Claim((place,), Decimal(row["rank_from_bottom"]), "名", "倒数第")
            if row["score"] is not None:
                score = Decimal(row["score"])
                yield Claim((place,), score, "")
                yield Claim((place,), score, "分")


def _milestones(facts: Facts) -> Iterator[Claim]:
    due = [row for row in facts.milestones if row["checkpoint"] <= wording.last_day(facts.period)]
    counts = Counter(row["state"] for row in due)
    yield Claim(("已到期节点",), Decimal(len(due)), "项次", "已到期节点")
    for state, title in wording.MILESTONE_STATES.items():
        yield Claim((title,), Decimal(counts[state]), "项次", title)
    missed = {row["division_code"] for row in facts.milestones if row["state"] == "missed"}
    yield Claim(("未达标单位",), Decimal(len(missed)), "个", "等")
    short = [row for row in facts.milestones if still_to_move(row)]
    nearest = min((row["checkpoint"] for row in short), default=None)
    units = sum(row["checkpoint"] == nearest for row in short)
    yield Claim(("日均需",), Decimal(units), "个", "等")
    for row in facts.milestones:
        if still_to_move(row):
            place = facts.name(row["division_code"])
            pace = abs(Decimal(row["daily_pace"]))
            percent = row["unit"] == "%"
            yield Claim(
                (place, "日均需"),
                pace * 100 if percent else pace,
                "个百分点" if percent else row["unit"] or "",
                "日均需",
            )


def _actions(facts: Facts) -> Iterator[Claim]:
    money = [row["amount"] for row in facts.actions if row["state"] in STANDING and row["amount"] is not None]
    rewards, deductions = [a for a in money if a > 0], [a for a in money if a < 0]
    for words, amounts in (("建议奖励", rewards), ("建议扣减", deductions)):
        yield Claim((words,), Decimal(len(amounts)), "笔", words)
        yield Claim((words, "合计"), abs(total(amounts)) / wording.TEN_THOUSAND, "万元", "合计")
        yield Claim((words, "合计"), abs(total(amounts)), "元", "合计")
    months = {
        int(row["trigger"].rsplit("_", 1)[-1])
        for row in facts.actions
        if (row["trigger"] or "").rsplit("_", 1)[-1].isdigit()
    }
    for number in months:
        yield Claim((), Decimal(number), "个月", "连续")
        for before in ("前", "后", "列后"):
            yield Claim((), Decimal(number), "名", before)
    yield Claim((), Decimal(len(asked(facts))), "项", "须交办")


def _reporting(facts: Facts) -> Iterator[Claim]:
    yield Claim((), Decimal(len(facts.submissions)), "份", "报送")
    outcomes = Counter(row["outcome"] for row in facts.submissions)
    for code, title in OUTCOMES.items():
        yield Claim((), Decimal(outcomes[code]), "份", title)
    sums = {
        title: Decimal(sum(row[column] or 0 for row in facts.submissions))
        for title, column in (("读入", "rows_read"), ("接收", "rows_accepted"), ("退回", "rows_rejected"))
    }
    for title, number in sums.items():
        yield Claim((), number, "行", title)
    if sums["读入"]:
        yield Claim((), sums["退回"] / sums["读入"] * 100, "%", "退回率")
    severities: Counter[str] = Counter()
    for row in facts.findings:
        severities[row["severity"]] += row["findings"]
    yield Claim((), Decimal(severities.total()), "条", "跨表核对发现")
    for code, title in SEVERITIES.items():
        yield Claim((), Decimal(severities[code]), "条", title)
