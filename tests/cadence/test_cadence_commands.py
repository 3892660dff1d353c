"""``guatu deliver`` and ``guatu due``: a township office records what it handed over and sees what is still owed."""

from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cadence.deliveries import deliveries_table
from orchestration.cli import app
from orchestration.errors import GuatuError
from orchestration.intake import ingest
from orchestration.settings import Settings

DIVISIONS = next((Path(__file__).parents[1] / "golden" / "files").glob("行政区划表*"))
BULLETIN = ("--scheme", "lingshan-2018", "--cadence", "supervision_bulletin", "--person", "示例人")
SUMMARY = (
    "--scheme",
    "lingshan-2018",
    "--cadence",
    "stage_summary",
    "--occurrence",
    "2018-12-31",
    "--person",
    "示例人",
)


@pytest.fixture
def office(settings: Settings) -> Settings:
    ingest(settings, [DIVISIONS], datetime(2018, 7, 4, 9))
    return settings


def guatu(office: Settings, *words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--home", str(office.root)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_half_months_owed_and_ahead(office: Settings) -> None:
    shown = guatu(office, "due", "--on", "2018-08-20")
    assert "截至 2018-08-20:已到期未送齐 3 项,一个月内到期 2 项。" in shown
    assert "督查通报" in shown and "各村(街)、各部门" in shown and "LS2018-26" in shown


def test_what_one_recipient_has_is_still_owed_to_the_other(office: Settings) -> None:
    guatu(office, "deliver", *BULLETIN, "--occurrence", "2018-07-15", "--to", "各部门", "--on", "2018-07-14")
    assert "已到期未送齐 1 项" in guatu(office, "due", "--on", "2018-07-20")
    said = guatu(office, "deliver", *BULLETIN, "--occurrence", "2018-07-15", "--to", "各村(街)", "--on", "2018-07-18")
    assert said == "督查通报 2018-07-15(镇脱贫攻坚督查巡查组)已登记:2018-07-18 00:00 送达 各村(街)\n"
    assert "已到期未送齐 0 项" in guatu(office, "due", "--on", "2018-07-20")
    assert "已到期未送齐 1 项" in guatu(office, "due", "--on", "2018-07-17"), "on the 17th one still waited"


def test_a_village_is_named_by_code_or_name_and_a_mistake_is_withdrawn(office: Settings) -> None:
    guatu(office, "deliver", *SUMMARY, "--from", "411521103201", "--on", "2018-12-20", "--evidence", "总结.docx")
    guatu(office, "deliver", *SUMMARY, "--from", "示例2村", "--on", "2018-12-20")
    assert deliveries_table(office)["sender"].to_list() == ["411521103201", "411521103202"]
    # the bulletin of that day, and the summaries of five villages of seven
    assert "一个月内到期 6 项" in guatu(office, "due", "--on", "2018-12-31", "--scheme", "lingshan-2018")
    guatu(office, "deliver", *SUMMARY, "--from", "示例2村", "--on", "2018-12-20", "--withdraw")
    assert deliveries_table(office)["delivered_at"].to_list()[-1] is None


def test_the_chase_list_says_so_before_the_first_edition(office: Settings) -> None:
    shown = guatu(office, "due", "--on", "2018-07-20", "--owed")
    assert "2018-07-15" in shown and "2018-07-31" not in shown and "还没有已发布的版本" in shown


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("unknown_sender", ("deliver", *SUMMARY)),
        ("unknown_sender", ("deliver", *SUMMARY, "--from", "某村")),
        ("unknown_scheme", ("due", "--scheme", "none")),
    ],
)
def test_what_is_not_known_is_told(office: Settings, code: str, words: tuple[str, ...]) -> None:
    with pytest.raises(GuatuError) as error:
        guatu(office, *words)
    assert error.value.code == code
