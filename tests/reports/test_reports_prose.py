"""Figures of a text against the edition: our own bulletin is confirmed throughout, a wrong figure is found."""

import re
from pathlib import Path

import pytest
from sample_edition import TOWN

from orchestration.errors import GuatuError
from orchestration.reports.prose import Figure, check_file


def checked(edition: Path, folder: Path, text: str, period: str = "2018-07", **options: str) -> list[Figure]:
    file = folder / "文稿.txt"
    file.write_text(text, encoding="utf-8")
    return check_file(file, edition, period, **options)


@pytest.mark.parametrize(("reports", "period", "least"), [("town", "2018-07", 25), ("prefecture", "2022-06", 25)])
def test_every_figure_of_our_own_bulletin_is_confirmed(
    edition: Path, request: pytest.FixtureRequest, reports: str, period: str, least: int
) -> None:
    word = request.getfixturevalue(reports)[".docx"]
    figures = check_file(word, edition, period)
    assert [figure for figure in figures if figure.verdict != "一致"] == []
    assert len(figures) >= least


def test_a_figure_changed_in_the_text_is_found_with_the_editions_own(edition: Path, tmp_path: Path) -> None:
    right = (
        "截至2018年7月31日，灵山镇贫困发生率1.10%，较上月下降0.13个百分点；危房存量户数17户。甲村第2名，丙村倒数第1名。"
    )
    assert {figure.verdict for figure in checked(edition, tmp_path, right)} == {"一致"}
    wrong = right.replace("1.10%", "1.01%").replace("17户", "16户").replace("丙村倒数第1名", "丙村倒数第2名")
    flagged = [figure for figure in checked(edition, tmp_path, wrong) if figure.verdict == "不一致"]
    assert [(figure.text, figure.expected) for figure in flagged] == [
        ("1.01%", "1.10%"),
        ("16户", "17户"),
        ("2名", "1名"),
    ]


def test_the_wrong_direction_is_wrong(edition: Path, tmp_path: Path) -> None:
    (figure,) = checked(edition, tmp_path, "贫困发生率较上月上升0.13个百分点。")
    assert (figure.verdict, figure.expected) == ("不一致", "下降0.13个百分点")


def test_each_unit_is_held_against_its_own_figure(edition: Path, tmp_path: Path) -> None:
    figures = checked(edition, tmp_path, "名次：甲村第2名、乙村第2名、丙村第6名；甲村（95.13）、丙村（71.40）。")
    assert [figure.verdict for figure in figures] == ["一致"] * 5


def test_what_the_edition_does_not_say_is_not_called_wrong(edition: Path, tmp_path: Path) -> None:
    (figure,) = checked(edition, tmp_path, "全镇植树3500株，共投入12万元。")[-1:]
    assert figure.verdict == "未找到依据"


def test_dates_documents_clauses_and_quotations_are_no_figures(edition: Path, tmp_path: Path) -> None:
    text = "1.根据灵政〔2018〕12号和《2018年50条》，条款LS2018-20：“奖励3万元”，第3号报送于2018年8月1日9时30分收到。"
    assert checked(edition, tmp_path, text) == []


def test_money_agrees_in_yuan_and_in_wan_yuan(edition: Path, tmp_path: Path) -> None:
    figures = checked(edition, tmp_path, "村集体经济收入41.25万元。村集体经济收入412500元。村集体经济收入41.3万元。")
    assert [figure.verdict for figure in figures] == ["一致"] * 3, "rounded as the text rounds"


def test_texts_in_gb18030_and_files_that_are_no_text(edition: Path, tmp_path: Path) -> None:
    file = tmp_path / "旧稿.txt"
    file.write_bytes("贫困发生率1.10%。".encode("gb18030"))
    assert [figure.verdict for figure in check_file(file, edition, "2018-07", division=TOWN)] == ["一致"]
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"PK\x03\x04 no document")
    with pytest.raises(GuatuError) as raised:
        check_file(broken, edition, "2018-07")
    assert raised.value.code == "text_unreadable"
    assert not re.search("Traceback", raised.value.message_zh)
