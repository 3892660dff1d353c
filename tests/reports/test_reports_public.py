"""The public edition: small counts and what would give them back are withheld in print, the rest stands."""

from pathlib import Path

import docx
import duckdb
import pytest
from sample_edition import TOWN

from orchestration.catalogue.indicators import load_indicators, load_reference
from orchestration.reports import make_reports
from orchestration.reports.disclosure import read_disclosure
from orchestration.reports.source import open_edition
from orchestration.settings import PROJECT_ROOT

VILLAGES = {"411521103201": 1, "411521103202": 4, "411521103203": 6, "411521103204": 6}
SEEDS = PROJECT_ROOT / "seeds"


@pytest.fixture
def counted(edition: Path, tmp_path: Path) -> Path:
    """The sample with unsafe houses by village: one in 甲村, 17 in the township."""
    copy = tmp_path / "counted.duckdb"
    copy.write_bytes(edition.resolve().read_bytes())
    copy.chmod(0o644)
    with duckdb.connect(str(copy)) as connection:
        for village, count in VILLAGES.items():
            connection.execute(
                "insert into marts.fct_indicator values ('2018-07', $1, 'village', 'unsafe_houses', $2, null, $2, 1, "
                "'value', null, null)",
                [village, count],
            )
    return copy


def published(path: Path, heading: str) -> dict[str, str]:
    """Unit → cell of the column with that heading, from the public document."""
    for table in docx.Document(str(path)).tables:
        head = [cell.text for cell in table.rows[0].cells]
        if heading in head:
            return {row.cells[0].text: row.cells[head.index(heading)].text for row in table.rows[1:]}
    raise AssertionError(f"no column {heading}")


def test_one_household_is_withheld_with_a_partner_and_the_sum_stands(counted: Path, tmp_path: Path) -> None:
    _, word = make_reports(counted, "2018-07", tmp_path / "out", public=True)
    assert published(word, "危房存量户数") == {
        "灵山镇": "17户",
        "甲村": "…",
        "乙村": "…",
        "丙村": "6户",
        "丁村": "6户",
    }
    text = "".join(paragraph.text for paragraph in docx.Document(str(word)).paragraphs)
    assert "1至2户（人）的数" in text


def test_money_of_the_village_itself_is_free(counted: Path, tmp_path: Path) -> None:
    _, word = make_reports(counted, "2018-07", tmp_path / "out", public=True)
    assert published(word, "村集体经济收入")["灵山镇"] == "41.25万元"


def test_a_townships_table_and_its_countys_withhold_the_same_cells(counted: Path) -> None:
    """The pattern is of the edition, not of the table: a second table cut elsewhere gives nothing away."""
    with open_edition(counted) as edition:
        disclosure = read_disclosure(edition, "2018-07", {}, 2)
    assert {place for code, place in disclosure.hidden if code == "unsafe_houses"} == {"411521103201", "411521103202"}
    assert disclosure.shows("unsafe_houses", TOWN)


def test_every_treatment_names_an_indicator_and_gives_a_reason() -> None:
    known = set(load_indicators(SEEDS)["indicator_code"])
    for row in load_reference(SEEDS, "disclosure").iter_rows(named=True):
        assert row["indicator_code"] in known
        assert row["treatment"] in ("free", "never")
        assert row["reason"]


def test_whatever_is_not_named_and_counts_people_is_protected() -> None:
    """Closed by default: no count of persons or households is free."""
    free = set(load_reference(SEEDS, "disclosure").filter(treatment="free")["indicator_code"])
    people = set(load_indicators(SEEDS).filter(unit="户")["indicator_code"]) | set(
        load_indicators(SEEDS).filter(unit="人")["indicator_code"]
    )
    assert not free & people
