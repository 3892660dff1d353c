"""The ends of what a workbook may say, numbers and dates, are told and computed with; they end no county's month."""

import csv
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.build import build
from orchestration.catalogue.templates import Field, load_templates
from orchestration.intake import ingest
from orchestration.settings import Settings, get_settings

FILES = Path(__file__).parents[1] / "golden" / "files"
ENDS = {
    "date": ("1900-01-01", "2100-12-31"),
    "year": ("1980", "2100"),
}
"""The first and the last that a cell may hold."""
LARGEST = {
    "money": Decimal("999999999999999.99"),
    "decimal": Decimal("99999999999999999"),
    "integer": Decimal("99999999999999999"),
    "percent": Decimal("999999"),
}
"""By type, what intake still reads: one more digit is refused."""


def absurd(field: Field, largest: bool) -> str | None:
    """The largest or the smallest a cell may hold; None for what is neither number nor date."""
    if field.type in ENDS:
        return ENDS[field.type][largest]
    if field.type not in LARGEST:
        return None
    most = LARGEST[field.type]
    if largest:
        return str(most if field.maximum is None else min(most, field.maximum))
    return str(-most if field.minimum is None else max(-most, field.minimum))


def written(settings: Settings, folder: Path, largest: bool) -> list[Path]:
    """The example's files, the division tree first; all others have an end in each cell that has one."""
    templates = {template.title: template for template in load_templates(settings.seeds).values()}
    folder.mkdir()
    for path in FILES.iterdir():
        template = templates[path.name.split("_")[0]]
        fields = {field.title: field for field in template.fields if template.name != "divisions"}
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
        with (folder / path.name).open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, list(rows[0]))
            writer.writeheader()
            for row in rows:
                put = {title: absurd(fields[title], largest) for title in row if title in fields}
                writer.writerow(row | {title: text for title, text in put.items() if text is not None})
    return sorted(folder.iterdir(), key=lambda path: (not path.name.startswith("行政区划表"), path.name))


@pytest.mark.parametrize("largest", [True, False], ids=["largest", "smallest"])
def test_absurd_cells_do_not_end_a_build(tmp_path: Path, largest: bool) -> None:
    settings = get_settings(tmp_path / "home")
    taken = ingest(settings, written(settings, tmp_path / "files", largest), datetime(2018, 8, 3, 9))
    households = next(each.submission for each in taken if each.submission.template == "households")
    assert households.rows_accepted > 0, households
    result = build(settings, "2018-07", datetime(2018, 8, 31), "2018-07_0001")
    assert result.ok, result.summary
    with duckdb.connect(str(result.database), read_only=True) as connection:
        rows = connection.execute("select member_count, net_income_per_capita from marts.fct_household").fetchall()
    if largest:
        # 2,999,999,999,999,999.97 元 (four incomes less one expense) among thirty
        assert set(rows) == {(30, Decimal("100000000000000.00"))}
