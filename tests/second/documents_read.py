"""The catalogue's own marts: what the documents' files say, element by element."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import yaml

from second.tree import Row
from second.world import SEEDS

Table = dict[tuple[Any, ...], Row]
BANDS = {"floor": ("floor", "floor_operator"), "target": ("target_value", "operator"),
         "stretch": ("stretch", "stretch_operator")}  # fmt: skip


def documents() -> list[Row]:
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((SEEDS / "schemes").glob("*.yml"))]


def _each(element: str) -> Iterator[tuple[str, Row]]:
    """(scheme, element) of one kind."""
    return ((each["scheme"], found) for each in documents() for found in each.get(element, ()))


@cache
def _titles(name: str, key: str) -> dict[str, str]:
    with (SEEDS / "reference" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as lines:
        return {row[key]: row["title"] for row in csv.DictReader(line for line in lines if not line.startswith("#"))}


def _worded(consequence: Row) -> Row:
    """A consequence's words and amounts."""
    found = {name: consequence.get(name) for name in ("amount", "amount_to", "effect_years", "condition")}
    title = _titles("consequences", "kind")[consequence["kind"]]
    return {**found, "title": title, "object_title": _titles("objects", "object")[consequence["object"]]}


def dim_target() -> Table:
    found: Table = {}
    for scheme, target in _each("targets"):
        row: Row = {"indicator_code": target["indicator"], "title": target["title"], "clause_id": target["clause"]}
        for band, (value, operator) in BANDS.items():
            said = target.get(band) or {}
            row |= {value: _number(said.get("value")), operator: said.get("operator")}
        for level in target["levels"]:
            for kind in target.get("village_types") or (None,):
                found[(scheme, target.get("name") or target["indicator"], level, kind)] = row
    return found


def dim_milestone() -> Table:
    return {
        (scheme, f"{node['indicator']}@{node['checkpoint']}"): {
            "title": node["title"], "indicator_code": node["indicator"], "checkpoint_md": node["checkpoint"],
            "operator": node["operator"], "threshold": _number(node["threshold"]), "clause_id": node["clause"],
            "benchmark_level": node.get("above_average_of"),
        }
        for scheme, node in _each("milestones")
    }  # fmt: skip


def dim_action() -> Table:
    return {
        (scheme, ranking["code"], action["clause"], action["trigger"], action["n"], each["object"], each["kind"]): {
            **_worded(each), "periods": action.get("periods", 1),
        }
        for scheme, ranking in _each("rankings")
        for action in ranking.get("actions", ())
        for each in action["consequences"]
    }  # fmt: skip


def dim_outcome() -> Table:
    found: Table = {}

    def add(scheme: str, trigger: str, code: str, clause: str, consequences: list[Row]) -> None:
        for each in consequences:
            found[(scheme, trigger, code, clause, each["object"], each["kind"])] = _worded(each)

    for scheme, target in _each("targets"):
        for missed in target.get("missed", ()):
            code = target.get("name") or target["indicator"]
            add(scheme, "target_missed", code, missed["clause"], missed["consequences"])
    for trigger, element in (("grade", "grades"), ("veto", "vetoes")):
        for scheme, each in _each(element):
            clause = each.get("consequence_clause") or each["clause"]
            add(scheme, trigger, each["code"], clause, each.get("consequences", []))
    return found


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def tables() -> dict[str, Table]:
    return {
        "dim_target": dim_target(),
        "dim_milestone": dim_milestone(),
        "dim_action": dim_action(),
        "dim_outcome": dim_outcome(),
    }
