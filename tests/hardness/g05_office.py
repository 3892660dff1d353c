"""The office the files of this goal are handed in to, and rows of every template whose right reading is known."""

import random
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from hardness.g05_cells import BLANK, Reading, right
from orchestration.catalogue.templates import Field, Template, load_codes, load_templates
from orchestration.intake import ingest
from orchestration.settings import PROJECT_ROOT, get_settings

SEEDS = PROJECT_ROOT / "seeds"
COUNTY = "411726000000"
TOWNS = ("411726100000", "411726101000")
VILLAGES = {town: [f"{town[:9]}{200 + i}" for i in range(1, 13)] for town in TOWNS}
NEW_TOWN = "411726109000"
"""A township only files of divisions speak of, so that they change nothing for the others."""
FIRST_PERIOD = "1990-01"
RECEIVED = datetime(2099, 1, 1, 9)
NAMES = ("示例人", "某甲", "欧阳某", "买买提·某", "㑇某", "Ａ某")
TEXTS = (
    "示例单位", "=1+1", "=cmd|' /C calc'!A0", "+86 示例", "-示例", "@SUM(1)", "'; drop table x --", "<b>&amp;</b>",
    "两行\n文字", "全角ＡＢＣ１２３", "龘𠀀", "合计不在首列", "ﬁ", "{=1}", "\t=1", "100%", "1,5", "长" * 3000, "😀",
)  # fmt: skip


@dataclass
class Line:
    """One row as it will be handed in: ``cells`` by field as written, ``truth`` as it must arrive, None: rejected."""

    cells: dict[str, object]
    truth: dict[str, Reading] | None

    def put(self, field: str, cell: object, reading: Reading) -> None:
        """Another way of writing a cell, and what it means."""
        self.cells[field] = cell
        if self.truth is not None:
            self.truth[field] = reading

    def spoil(self, field: str, cell: object) -> None:
        """A cell for which the row has to be rejected."""
        self.cells[field] = cell
        self.truth = None


@dataclass
class Table:
    """What one file is made of. ``columns``: the fields it has, in order; ``titles``: what stands above them."""

    template: Template
    scope: str
    period: str
    columns: list[str]
    titles: dict[str, str]
    lines: list[Line]

    def field(self, name: str) -> Field:
        return self.template.field(name)


def templates() -> dict[str, Template]:
    return load_templates(SEEDS)


def codes() -> Mapping[str, Mapping[str, str]]:
    return load_codes(SEEDS)


def last_day(period: str) -> date:
    """The last day of a month YYYY-MM."""
    year, month = int(period[:4]), int(period[5:])
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def open_office(home: Path) -> Path:
    """An installation that knows a county with two townships of twelve villages each."""
    rows = [["区划代码", "区划名称", "级别", "上级代码", "村属性"]]
    rows += [["410000000000", "示例省", "省", "", ""], ["411700000000", "示例市", "市", "410000000000", ""]]
    rows += [[COUNTY, "示例县", "县", "411700000000", ""]]
    for town, villages in VILLAGES.items():
        rows.append([town, f"{town[6:9]}镇", "乡", COUNTY, ""])
        rows += [[code, f"{code[9:]}村", "村", town, "非贫困村"] for code in villages]
    home.mkdir(parents=True, exist_ok=True)
    source = home.parent / f"行政区划表_41_{FIRST_PERIOD}.csv"
    source.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    (result,) = ingest(get_settings(home), [source], received_at=datetime(1990, 2, 1))
    if result.submission.outcome != "accepted":
        raise RuntimeError(f"the divisions were not taken in: {result.submission.reason}")
    source.unlink()
    return home


def table(rng: random.Random, template: Template, period: str) -> Table:
    """A table of 6 to 12 rows in order; some optional columns are left out, and 期别 is seldom there."""
    scope = rng.choice((COUNTY, *TOWNS)) if template.name != "divisions" else NEW_TOWN
    optional = [f.name for f in template.fields if not f.required and f.name not in template.key]
    absent = set(rng.sample(optional, k=rng.randint(0, len(optional) // 2))) if rng.random() < 0.4 else set()
    if template.name == "divisions":
        absent -= {"village_type"}
    columns = [f.name for f in template.fields if f.name not in absent]
    titles = {f.name: f.title for f in template.fields}
    count = rng.randint(6, 12)
    lines = _divisions(rng, template, count) if template.name == "divisions" else None
    if lines is None:
        places = [code for town in TOWNS for code in VILLAGES[town] if scope in (COUNTY, town)]
        lines = [_line(rng, template, period, place, n) for n, place in enumerate(rng.sample(places, k=count), 1)]
    for line in lines:
        line.cells = {name: line.cells[name] for name in columns}
        assert line.truth is not None
        line.truth = {name: line.truth[name] if name in columns else None for name in line.truth}
    if rng.random() < 0.15:
        columns = ["period", *columns]
        titles["period"] = "期别"
        for line in lines:
            line.cells["period"] = rng.choice((period, f"{period[:4]}年{int(period[5:])}月", period.replace("-", "/")))
    return Table(template, scope, period, columns, titles, lines)


def _line(rng: random.Random, template: Template, period: str, place: str, number: int) -> Line:
    truth: dict[str, Reading] = {}
    for field in template.fields:
        truth[field.name] = _value(rng, field, template, period, place, number)
    if template.name == "fund_payments":
        amount = truth["amount"]
        assert isinstance(amount, Decimal)
        truth["amount"] = -amount if truth["payment_type"] == "refund" else amount
    fields = {f.name: f for f in template.fields}
    return Line({name: right(fields[name], value, codes()) for name, value in truth.items()}, truth)


def _value(rng: random.Random, field: Field, template: Template, period: str, place: str, number: int) -> Reading:
    """A value the field may have, as it must arrive in the lake; None for a blank."""
    if field.name in template.key and field.type == "string":
        return f"{field.name[:1].upper()}{number:04d}"
    if not field.required and rng.random() < 0.25:
        return None
    low = field.minimum if field.minimum is not None else Decimal(0)
    high = field.maximum
    match field.type:
        case "division":
            return place
        case "id_number":
            return id_number(rng)
        case "enum":
            return rng.choice(list(codes()[str(field.enum)].values()))
        case "boolean":
            return rng.random() < 0.5
        case "integer":
            return rng.randint(int(low), int(high) if high is not None else int(low) + 9000)
        case "year":
            return rng.randint(1980, 2100)
        case "percent":
            return Decimal(rng.randint(0, 10_000)) / 10_000
        case "decimal":
            top = int(high) if high is not None else 50_000
            return Decimal(rng.randint(int(low) * 1000, top * 1000)) / 1000
        case "money":
            return Decimal(rng.randint(int(low) * 100, 90_000_000)) / 100
        case "date":
            return last_day(period) - timedelta(days=rng.randint(0, 2000))
    return plain(rng.choice(NAMES if "name" in field.name else TEXTS))


def plain(text: str) -> str | None:
    """A text as it arrives: NFKC, nothing around it, a blank one not at all."""
    return unicodedata.normalize("NFKC", text).strip() or None


def id_number(rng: random.Random) -> str:
    """An invented number with the check digit of GB 11643."""
    born = date(1930, 1, 1) + timedelta(days=rng.randint(0, 30_000))
    body = f"411726{born:%Y%m%d}{rng.randint(0, 999):03d}"
    return body + "10X98765432"[sum(int(d) * (2 ** (17 - i) % 11) for i, d in enumerate(body)) % 11]


def _divisions(rng: random.Random, template: Template, count: int) -> list[Line]:
    """A township of its own and its villages; the township comes first and is left alone by the spoilers."""
    rows: list[dict[str, Reading]] = [{"division_code": NEW_TOWN, "name": "新镇", "level": "township"}]
    rows[0]["parent_code"] = COUNTY
    for number in range(count - 1):
        village = {"division_code": f"{NEW_TOWN[:9]}{300 + number}", "name": f"新{number}村", "level": "village"}
        kind = rng.choice(list(codes()["village_type"].values()))
        rows.append({**village, "parent_code": NEW_TOWN, "village_type": kind})
    fields = {f.name: f for f in template.fields}
    return [
        Line({name: right(field, row.get(name), codes()) for name, field in fields.items()},
             {name: row.get(name) for name in fields})
        for row in rows
    ]  # fmt: skip


def spoilable(table: Table) -> Sequence[Line]:
    """Rows that may be spoilt without spoiling others."""
    return table.lines[1:] if table.template.name == "divisions" else table.lines


__all__ = ["BLANK", "Line", "Table", "id_number", "open_office", "plain", "spoilable", "table", "templates"]
