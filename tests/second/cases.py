"""Random small counties: submissions of all templates with the edge values of the field, from a seed.

``make_case(seed)`` invents the submissions; ``write_csv`` lays them out as files for intake,
``write_lake`` puts their rows straight into a home, as intake would have accepted them.
"""

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any, TextIO

import polars as pl

from orchestration.catalogue.templates import Template, load_codes, load_templates
from second.case_rows import rows_for
from second.case_tree import FLAVOURS, Flavour, division_rows
from second.world import SEEDS

Row = dict[str, Any]
NEVER = {9: "fund_allocations", 11: "fund_payments"}
"""Counties, by seed, in which one office never files its ledger."""


@dataclass(frozen=True)
class Filing:
    """One submission: what an office hands in, and when."""

    template: str
    scope: str
    period: str
    received_at: datetime
    rows: tuple[Row, ...]

    @property
    def file_name(self) -> str:
        return f"{load_templates(SEEDS)[self.template].title}_{self.scope}_{self.period}.csv"


@dataclass(frozen=True)
class Case:
    """A seed's submissions in order of receipt, and the editions worth building from them."""

    seed: int
    filings: tuple[Filing, ...]
    editions: tuple[tuple[str, datetime], ...]


def make_case(seed: int) -> Case:
    """A small county through several months: each document's place in turn, from 罗山县 2018 to 泌阳县 2016."""
    rng = Random(seed)
    flavour = flavour_of(seed)
    filings = list(_division_filings(flavour))
    for period in flavour.periods:
        for template in load_templates(SEEDS):
            if template not in ("divisions", NEVER.get(seed)):
                filings += _filings(rng, flavour, template, period)
    filings += list(_claims(rng, flavour, filings))
    # Files of one moment are taken in with 行政区划表 first, then by name.
    ordered = sorted(filings, key=lambda f: (f.received_at, f.template != "divisions", f.file_name))
    late = datetime(2030, 1, 1)
    editions = [(period, late) for period in flavour.editions]
    editions.append((flavour.editions[-1], due_moment(flavour)))
    return Case(seed, tuple(ordered), tuple(editions))


def due_moment(flavour: Flavour) -> datetime:
    """The minute the last edition is also built as of: what is dated by it belongs in."""
    return _following(flavour.editions[-1], 5, 23, 59)


def flavour_of(seed: int) -> Flavour:
    return FLAVOURS[seed % len(FLAVOURS)]


def _following(period: str, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment in the month after a period."""
    count = int(period[:4]) * 12 + int(period[5:])
    return datetime(count // 12, count % 12 + 1, day, hour, minute)


def _division_filings(flavour: Flavour) -> Iterator[Filing]:
    """Each root's list twice in one moment, the former wrong; a county's own list replaces its part a day later.

    That a village has ended is told in the end, by its township's list.
    """
    first = flavour.periods[0]

    def wrong(row: Row) -> Row:
        kind = row["village_type"] and "poor"
        return {**row, "name": f"误{row['division_code']}", "village_type": kind, "valid_from": None}

    for root in flavour.roots:
        rows = division_rows(flavour, root)
        yield Filing("divisions", root, first, _following(first, 1), tuple(map(wrong, rows)))
        yield Filing("divisions", root, first, _following(first, 1), tuple(rows))
        county = flavour.counties[0]
        if not flavour.renamed:
            own = (row for row in rows if row["division_code"].startswith(county[:6]))
            named = [{**row, "name": f"县报{row['division_code']}"} for row in own]
            named[0]["parent_code"] = None  # the top of a file names nothing above it
            yield Filing("divisions", county, first, _following(first, 2), tuple(named))
        for village, day in flavour.ended:
            township = f"{village[:9]}000"
            inside = (row for row in rows if row["division_code"].startswith(village[:9]))
            known = tuple({**row, "valid_to": day} if row["division_code"] == village else row for row in inside)
            yield Filing("divisions", township, first, _following(flavour.editions[-1], 7), known)


def _claims(rng: Random, flavour: Flavour, filings: list[Filing]) -> Iterator[Filing]:
    """Places that file under their own code what another filing has too, in its very moment or beside it."""
    for filing in filings:
        template = load_templates(SEEDS)[filing.template]
        if not filing.rows or template.division in template.key or rng.random() < 0.5:
            continue
        row = rng.choice(filing.rows)
        level = next((level for code, level, _ in flavour.tree if code == row[template.division]), "village")
        places = [place for place in flavour.at(level) if place != row[template.division]]
        if places:
            place = flavour.code_at(rng.choice(places), filing.period)
            taken = {**row, template.division: place}
            own = rows_for(rng, flavour, filing.template, place, filing.period)
            others = [each for each in own if any(each[name] != row[name] for name in template.key)]
            moment = rng.choice([filing.received_at, filing.received_at, _following(filing.period, 4)])
            yield Filing(filing.template, place, filing.period, moment, (*others, taken))


def _filings(rng: Random, flavour: Flavour, template: str, period: str) -> Iterator[Filing]:
    """The submissions of one template and month: whole, split, missing, nil, late, corrected."""
    if rng.random() < 0.08:
        return
    county, townships = rng.choice([*flavour.wide, flavour.counties[0]]), flavour.townships
    plan: list[str] = {
        0: [county],
        1: [*townships],
        2: [county, rng.choice(townships)],
        3: [rng.choice(flavour.villages), county],
        4: [county, rng.choice(flavour.villages), rng.choice(townships)],
        5: [rng.choice(townships)],
        6: [flavour.counties[-1], county],
        7: [county, county],
        8: [rng.choice(flavour.villages), rng.choice(flavour.villages)],
    }[rng.randrange(9)]
    if template.startswith("fund") or template in ("inspections", "reported_statistics", "task_targets"):
        share = 0.4 if template == "inspections" else 0.7
        plan = [rng.choice(flavour.wide), *plan[1:]] if rng.random() < share else plan
    for scope in plan:
        rows = rows_for(rng, flavour, template, scope, period)
        if rng.random() < 0.07 and template != "villages":
            rows = []
        if not rows and template == "villages":
            continue
        day = rng.choice([3, 5, 5, 6])
        edge = (23, 59) if day == 5 else (0, 0)
        place = flavour.code_at(scope, period)
        # months in arrear come in together, in one moment
        moment = _following(flavour.periods[-1], 4) if rng.random() < 0.1 else _following(period, day, *edge)
        yield Filing(template, place, period, moment, tuple(rows))


def _label(value: Any, field_type: str, labels: dict[str, str]) -> str:
    """A value as an office writes it in a sheet."""
    if value is None:
        return ""
    if field_type == "boolean":
        return "是" if value else "否"
    if field_type == "enum":
        return labels[value]
    return value.isoformat() if isinstance(value, date) else str(value)


def write_csv(case: Case, folder: Path) -> list[tuple[datetime, Path]]:
    """One CSV a filing, each in a folder of its own so that names may repeat; in order of receipt."""
    codes = load_codes(SEEDS)
    written = []
    for number, filing in enumerate(case.filings, start=1):
        template = load_templates(SEEDS)[filing.template]
        path = folder / f"{number:04d}" / filing.file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        encoding = "gb18030" if number % 7 == 0 else "utf-8-sig"
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["期别", *(field.title for field in template.fields)])
            for row in filing.rows:
                cells = []
                for field in template.fields:
                    labels = {v: k for k, v in codes.get(field.enum or "", {}).items()}
                    cells.append(_label(row.get(field.name), field.type, labels))
                writer.writerow([filing.period, *cells])
        written.append((filing.received_at, path))
    return written


def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _frame(template: Template, filing: Filing, number: int) -> pl.DataFrame:
    records = [
        {
            "submission_id": number,
            "row_number": line,
            "received_at": filing.received_at,
            "period": filing.period,
            **{field.name: _trimmed(row.get(field.name)) for field in template.fields},
        }
        for line, row in enumerate(filing.rows, start=2)
    ]
    return pl.DataFrame(records, schema=template.lake_schema(), orient="row")


def write_lake(case: Case, home: Path, is_troubled: bool = False) -> None:
    """Ledger and lake of a home that took in every filing, without a complaint or with rows and files refused."""
    templates = load_templates(SEEDS)
    for template in templates.values():
        folder = home / "lake" / template.name
        folder.mkdir(parents=True, exist_ok=True)
        pl.DataFrame(schema=template.lake_schema()).write_parquet(folder / "schema.parquet")
    chain = ""
    with (home / "ledger.jsonl").open("w", encoding="utf-8") as ledger:
        for number, filing in enumerate(case.filings, start=1):
            template = templates[filing.template]
            path = home / "lake" / template.name / f"period={filing.period}" / f"{number}.parquet"
            rejected = number % 4 if is_troubled and template.name != "divisions" else 0
            is_refused = is_troubled and number % 11 == 5 and template.name != "divisions"
            accepted = 0 if is_refused else len(filing.rows)
            if not is_refused:
                path.parent.mkdir(parents=True, exist_ok=True)
                _frame(template, filing, number).write_parquet(path)
            record = {
                "submission_id": number,
                "sha256": hashlib.sha256(str(number).encode()).hexdigest(),
                "file_name": filing.file_name,
                "template": template.name,
                "scope_code": filing.scope,
                "period": filing.period,
                "received_at": filing.received_at.isoformat(timespec="microseconds"),
                "outcome": "refused" if is_refused else "partial" if rejected else "accepted",
                "rows_read": len(filing.rows) + rejected,
                "rows_accepted": accepted,
                "rows_rejected": len(filing.rows) + rejected - accepted,
                "rows_warned": 0,
                "reason": None,
            }
            chain = _noted(ledger, chain, record)
        if is_troubled:  # and one file that no template fits
            nobody = dict.fromkeys(("template", "scope_code", "period"))
            none = {"outcome": "refused", "rows_read": 0, "rows_accepted": 0, "rows_rejected": 0}
            _noted(ledger, chain, {**record, **nobody, **none, "submission_id": number + 1, "file_name": "示例.csv"})


def _noted(ledger: TextIO, chain: str, record: Row) -> str:
    """Writes a line of the ledger; returns its link of the chain."""
    body = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    chain = hashlib.sha256((chain + body).encode()).hexdigest()
    ledger.write(json.dumps({**record, "chain": chain}, ensure_ascii=False) + "\n")
    return chain
