"""Faults put into the catalogue: one threshold, sign, amount, level or measure changed in a file under seeds/."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

SCHEMES = ("lingshan-2018", "bijie-2022", "yueyang-2019", "baicheng-2020", "baota-2017", "biyang-2016")
"""The documents of the random counties."""
WORDS: dict[str, tuple[tuple[str, str], ...]] = {
    "operator": (
        (r'operator: ">="', 'operator: ">"'), (r'operator: "<="', 'operator: "<"'),
        (r'operator: "<"', 'operator: "<="'),
        (r'operator: ">"', 'operator: ">="'), (r'operator: ">="', 'operator: "<="'),
    ),
    "level": (
        (r"levels: \[village", "levels: [township"), (r"levels: \[township", "levels: [county"),
        (r"levels: \[county", "levels: [township"), (r"unit_level: village", "unit_level: township"),
    ),
    "village type": (
        (r"village_types: \[non_poor\]", "village_types: [poor]"),
        (r"village_types: \[poor, deeply_poor\]", "village_types: [poor]"),
    ),
    "trigger": ((r"trigger: top", "trigger: last"), (r"trigger: last", "trigger: top")),
    "average": ((r", above_average_of: province", ""),),
    "consequence": (
        (r"kind: interview", "kind: public_criticism"), (r"kind: reward", "kind: deduction"),
        (r"kind: removal_proposal", "kind: interview"), (r"object: party_secretary", "object: village_director"),
    ),
    "every": (
        (r"every: month", "every: quarter"), (r"every: week", "every: two_weeks"),
        (r"every: quarter", "every: month"),
    ),
    "effect": ((r"effect_years: 0", "effect_years: 1"), (r"effect_years: 1", "effect_years: 0")),
}  # fmt: skip
NUMBER = re.compile(r"\b(value|threshold|amount|amount_to|n|periods|weight|cut): (-?\d+(?:\.\d+)?)")
DAY = re.compile(r"\bcheckpoint: (\d\d)-(\d\d)")
MONTH = re.compile(r"\bvalid_(?:from|to): (\d{4})-(\d\d)-")


@dataclass(frozen=True)
class SeedFault:
    """One fault: the file, what was changed, and the file's new text."""

    path: str
    kind: str
    before: str
    after: str
    text: str

    @property
    def title(self) -> str:
        return f"{self.path} [{self.kind}] {' '.join(self.before.split())} → {' '.join(self.after.split())}"


def _line(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, at) + 1 : (text + "\n").find("\n", at)]


def _scheme_faults(path: str, text: str) -> Iterator[SeedFault]:
    ends = text.find("\nclauses:")  # quotes are held by the linter; figures stand in `value` too
    changes = [
        (kind, match.start(), match.end(), put)
        for kind, swaps in WORDS.items()
        for pattern, put in swaps
        for match in re.finditer(pattern, text[:ends])
    ]
    for match in NUMBER.finditer(text[:ends]):
        known = float(match[2])
        step = 0.01 if "." in match[2] or (match[1] in ("value", "threshold") and known == 1) else 1
        changes += [(match[1], *match.span(), f"{match[1]}: {known + way:g}") for way in (step, -step)]
    for match in DAY.finditer(text[:ends]):
        month = int(match[1]) - 1
        changes.append(("checkpoint", *match.span(), f"checkpoint: {month:02d}-{min(int(match[2]), 28)}"))
    for match in MONTH.finditer(text[:ends]):
        later = match[0].replace(f"-{match[2]}-", f"-{int(match[2]) % 12 + 1:02d}-")
        changes.append(("validity", *match.span(), later))
    for kind, start, end, put in changes:
        after = text[:start] + put + text[end:]
        yield SeedFault(path, kind, _line(text, start), _line(after, start), after)


def _table_faults(path: str, text: str, columns: tuple[str, ...]) -> Iterator[SeedFault]:
    """Each cell of some columns with another value: a number a little off, a word taken from another row."""
    rows = list(csv.DictReader(io.StringIO(text)))
    for index, row in enumerate(rows):
        for column in columns:
            old = row[column]
            others = sorted({other[column] for other in rows} - {old, ""})
            if re.fullmatch(r"-?\d+(\.\d+)?", old):
                new = f"{float(old) + (0.01 if '.' in old else 1):g}"
            elif others:
                new = others[(index * 7 + len(old)) % len(others)]
            else:
                continue
            changed = [dict(each) for each in rows]
            changed[index][column] = new
            out = io.StringIO()
            writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(changed)
            name = next(iter(row.values()))
            yield SeedFault(path, column, f"{name} {column}={old}", f"{new}", out.getvalue())


TABLES = {
    "indicators/indicators.csv": ("numerator_measure", "denominator_measure", "needs"),
    "reference/parameters.csv": ("value",),
    "reference/standards.csv": ("value", "from_year", "division_code"),
    "reference/consequences.csv": ("consequence", "weight", "barred_by"),
}


def seed_faults(seeds: Path, rng: Random, count: int) -> list[SeedFault]:
    """So many faults, drawn from each file in turn."""
    piles = []
    for scheme in SCHEMES:
        path = f"schemes/{scheme}.yml"
        piles.append(list(_scheme_faults(path, (seeds / path).read_text(encoding="utf-8"))))
    for path, columns in TABLES.items():
        piles.append(list(_table_faults(path, (seeds / path).read_text(encoding="utf-8-sig"), columns)))
    for pile in piles:
        rng.shuffle(pile)
    found: list[SeedFault] = []
    while len(found) < count and any(piles):
        for pile in piles:
            if pile and len(found) < count:
                found.append(pile.pop())
    return found
