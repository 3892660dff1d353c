"""What each village is asked to fill in a month: forms, columns, cells, and what its last report already said."""

import csv
from collections import Counter
from functools import cache

from second.calendar_math import shift
from second.indicators_villages import required_templates
from second.month import Month
from second.tree import Row
from second.world import SEEDS

Key = tuple[str, ...]


@cache
def standing_fields() -> Counter[str]:
    """Template -> how many of its columns say the same month after month."""
    with (SEEDS / "reference" / "standing_fields.csv").open(encoding="utf-8-sig", newline="") as lines:
        said = (line for line in lines if not line.startswith("#"))
        return Counter(row["template"] for row in csv.DictReader(said))


def _filed(month: Month, template: str) -> dict[str, list[Key]]:
    """Village -> the keys of its rows in the month's own files, as often as they stand there."""
    form = month.world.templates[template]
    found: dict[str, list[Key]] = {}
    for row in month.world.rows(template, month.period):
        found.setdefault(row[form.division], []).append(tuple(str(row[name]) for name in form.key))
    return found


def fct_burden(month: Month) -> dict[tuple[str, str], Row]:
    """Villages asked for something or having given something; the county's list of divisions is no form of theirs."""
    forms = [name for name in month.world.templates if name != "divisions"]
    now = {name: _filed(month, name) for name in forms}
    before = Month(month.world, shift(month.period, -1))
    known = {name: {key for keys in _filed(before, name).values() for key in keys} for name in standing_fields()}
    found: dict[tuple[str, str], Row] = {}
    for village in (code for code in month.tree.nodes if month.tree.level(code) == "village"):
        asked = required_templates(month, village)
        given = {name: now[name][village] for name in forms if village in now[name]}
        titles = Counter(field.title for name in asked | given.keys() for field in month.world.templates[name].fields)
        if titles:
            found[(month.period, village)] = {
                "forms_asked": len(asked),
                "forms_given": len(given),
                "columns_asked": len(titles),
                "columns_repeated": sum(often > 1 for often in titles.values()),
                "rows_given": sum(map(len, given.values())),
                "cells_given": sum(len(keys) * len(month.world.templates[name].fields) for name, keys in given.items()),
                "cells_prefillable": sum(
                    sum(key in known[name] for key in keys) * standing_fields()[name]
                    for name, keys in given.items()
                    if name in known
                ),
            }
    return found
