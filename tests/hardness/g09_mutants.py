"""Faults put into the rules: one operator, threshold, join, order or column changed in the SQL of one model."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

from orchestration.plan import Node

Change = tuple[int, int, str]
"""From and to where the text is replaced, and by what."""

TOKEN = re.compile(r"--[^\n]*|'(?:[^']|'')*'")
"""What is not touched: comments and texts (texts have an operator of their own)."""
ENGINE = re.compile(r"[^\n]*(?:as double\)|>= 9000000000000|// )[^\n]*")
"""Lines of exact division, written by one of the engine's macros: tests/dbt hold it against whole-number arithmetic."""

SWAPS: dict[str, tuple[tuple[str, str], ...]] = {
    "boundary": ((r" < ", " <= "), (r" <= ", " < "), (r" > ", " >= "), (r" >= ", " > ")),
    "direction": ((r" < ", " > "), (r" > ", " < "), (r" <= ", " >= "), (r" >= ", " <= ")),
    "logic": ((r"\band\b", "or"), (r"\bor\b", "and")),
    "negation": ((r"\bis not null\b", "is null"), (r"\bis null\b", "is not null"), (r" <> ", " = "),
                 (r"\bnot in\b", "in")),
    "join": ((r"\bleft join\b", "inner join"), (r"\binner join\b", "left join")),
    "order": ((r" desc\b", " asc"), (r"\border by ([a-z_.]+)(?=\s*[\n)])", r"order by \1 desc")),
    "sum": (
        (r"\bsum\(", "max("), (r"\bmax\(", "min("), (r"\bmin\(", "max("), (r"\bcount\(distinct ", "count("),
        (r"\bunion all\b", "union"), (r"\bbool_or\(", "bool_and("), (r"\bgreatest\(", "least("),
    ),
    "sign": ((r" \+ ", " - "), (r" - ", " + ")),
    "filter": (
        (r" filter \(where [^()]*\)", ""), (r"\n\s+and [^\n]+(?=\n)", ""), (r"\nwhere [^\n]+(?=\n)", ""),
    ),
    "blank": ((r"\bcoalesce\(([a-z_.]+), [^()]+\)", r"\1"),),
    "column": (
        (r"\bnumerator\b", "denominator"), (r"\bprevious_period\b", "year_ago_period"),
        (r"\byear_ago_period\b", "previous_period"), (r"\blast_day\b", "first_day"),
        (r"\bperiod_year\b", "period_month"),
        (r"\ballocated\b", "paid"), (r"\bpaid\b", "allocated"), (r"\bstarted_on\b", "finished_on"),
        (r"\bfinished_on\b", "accepted_on"), (r"\bissued_on\b", "received_on"),
        (r"\bplanned_start\b", "planned_finish"),
        (r"\brank\b", "rank_from_bottom"), (r"\bdue_on\b", "found_on"),
        (r"\bmonitored_on\b", "risk_cleared_on"),
        (r"\bis_covered\b", "is_on_time"), (r"\bparent_code\b", "division_code"), (r"\bbalance\b", "overdue"),
        (r"\bavailable\b", "amount"), (r"\bfloor_", "target_"), (r"\bvalid_from\b", "valid_to"),
    ),
}  # fmt: skip
NUMBER = re.compile(r"(?<![\w.'\"(])\b(\d{1,4})\b(?![\w.'\"])")
TEXT = re.compile(r"'([a-z_]{3,})'")


@dataclass(frozen=True)
class Mutant:
    """One fault: where, of what kind, and the words before and after."""

    where: str
    kind: str
    before: str
    after: str
    sql: str

    @property
    def title(self) -> str:
        return f"{self.where} [{self.kind}] {_line(self.before)} → {_line(self.after)}"


def _line(text: str) -> str:
    return " ".join(text.split())


def _untouched(sql: str) -> list[tuple[int, int]]:
    return [match.span() for match in TOKEN.finditer(sql)]


def changes(sql: str) -> Iterator[tuple[str, Change]]:
    """Every single change that can be made to a model's SQL, with its kind."""
    closed, engine = _untouched(sql), [match.span() for match in ENGINE.finditer(sql)]

    def is_open(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
        return not any(start < to and end > at for at, to in spans)

    for kind, change in _anywhere(sql, lambda start, end: is_open(start, end, closed)):
        if is_open(*change[:2], engine):
            yield kind, change


def _anywhere(sql: str, is_open: Callable[[int, int], bool]) -> Iterator[tuple[str, Change]]:
    for kind, swaps in SWAPS.items():
        for pattern, put in swaps:
            for match in re.finditer(pattern, sql):
                if is_open(*match.span()) or kind == "filter":
                    yield kind, (match.start(), match.end(), match.expand(put))
    for match in NUMBER.finditer(sql):
        if is_open(*match.span()) and not sql[: match.start()].endswith(("decimal(", ", ")):
            for step in (1, -1):
                yield "number", (match.start(), match.end(), str(int(match[1]) + step))
    texts = sorted({match[1] for match in TEXT.finditer(sql)})
    for match in TEXT.finditer(sql):
        other = [text for text in texts if text != match[1]]
        if other:
            yield "text", (match.start(), match.end(), f"'{other[len(match[1]) % len(other)]}'")


def _shown(sql: str, start: int, end: int) -> str:
    """The line a change stands in."""
    first = sql.rfind("\n", 0, start + 1) + 1
    last = sql.find("\n", end)
    return sql[first : last if last >= 0 else len(sql)]


def mutants(models: Mapping[str, Node], rng: Random, count: int) -> list[Mutant]:
    """So many faults, spread over kinds and models: each kind in turn, in a model drawn at random."""
    sites: dict[str, dict[str, list[Change]]] = {}
    for name, node in models.items():
        for kind, change in changes(node.sql):
            sites.setdefault(kind, {}).setdefault(name, []).append(change)
    found: list[Mutant] = []
    seen: set[tuple[str, Change]] = set()
    kinds = sorted(sites)
    while len(found) < count:
        kind = kinds[len(found) % len(kinds)]
        name = rng.choice(sorted(sites[kind]))
        start, end, put = change = rng.choice(sites[kind][name])
        if (name, change) in seen:
            continue
        seen.add((name, change))
        sql = models[name].sql
        changed = sql[:start] + put + sql[end:]
        found.append(Mutant(name, kind, _shown(sql, start, end), _shown(changed, start, start + len(put)), changed))
    return found
