"""The demonstration's own bulletins, checked figure by figure against the edition they were written from."""

from pathlib import Path

from orchestration.release import list_editions
from orchestration.reports.prose import check_file
from orchestration.settings import get_settings


def test_no_figure_of_any_bulletin_differs_from_its_edition(demo_home: Path) -> None:
    settings = get_settings(demo_home)
    figures = []
    for edition in list_editions(settings):
        path = settings.published / f"{edition.edition_id}.duckdb"
        for word in sorted((settings.reports / edition.period).glob("*_月度通报.docx")):
            division, scheme, _ = word.stem.split("_")
            figures += check_file(word, path, edition.period, division, scheme)
    assert len(figures) >= 60
    assert [figure for figure in figures if figure.verdict == "不一致"] == []
    confirmed = sum(figure.verdict == "一致" for figure in figures)
    assert confirmed >= 0.95 * len(figures), [figure for figure in figures if figure.verdict != "一致"]


def test_word_and_pdf_of_every_document_are_there(demo_home: Path) -> None:
    reports = get_settings(demo_home).reports
    words = {path.with_suffix("") for path in reports.rglob("*.docx")}
    assert words == {path.with_suffix("") for path in reports.rglob("*.pdf")}
    assert any(path.name.endswith("奖惩兑现建议表") for path in words)
