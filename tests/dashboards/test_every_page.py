"""What holds of every page alike: its states in words, what is asked of a visitor, and how it comes out on paper."""

import re
from pathlib import Path

import duckdb
import edition_files
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.web import session
from orchestration.settings import PROJECT_ROOT

DASHBOARDS = PROJECT_ROOT / "dashboards"
PAGES = sorted(path.stem for path in (DASHBOARDS / "app_pages").glob("*.py") if path.stem != "__init__")
OF_THE_INSTALLATION = {"accounts", "audit", "submit"}
"""Pages that show no edition."""
OF_EDITIONS = [page for page in PAGES if page not in OF_THE_INSTALLATION]
ONLY_FOR = {"sql": "township", "submit": "leader", "audit": "leader", "accounts": "leader"}
"""A role that may not open the page."""
OFFERED_TO_ALL = {"sql", "submit"}
STYLE = (DASHBOARDS / "assets" / "style.css").read_text(encoding="utf-8")


def words(app: AppTest) -> str:
    """Everything a page says: messages and its own HTML."""
    boxes = [*app.info, *app.error, *app.warning]
    return "\n".join([*(box.value for box in boxes), *(each.proto.body for each in app.get("html"))])


@pytest.mark.parametrize("page", OF_EDITIONS)
def test_without_an_edition_it_says_what_to_do(open_page, home: Path, page: str) -> None:
    app = open_page(page)
    assert "还没有发布任何版本" in app.info[0].value and "guatu run" in app.info[0].value


@pytest.mark.parametrize("page", OF_EDITIONS)
def test_an_empty_edition_is_told_and_no_error(open_page, home: Path, page: str) -> None:
    edition_files.write_edition(home / "published", {}, 1)
    app = open_page(page)
    assert not app.error and "没有" in words(app)


@pytest.mark.parametrize("page", OF_EDITIONS)
def test_an_edition_without_its_tables_is_one_chinese_line(open_page, home: Path, page: str) -> None:
    edition_files.write_sample(home / "published")
    for path in (home / "published").glob("*_*.duckdb"):
        with duckdb.connect(str(path)) as connection:
            for (table,) in connection.execute(
                "select table_name from information_schema.tables where table_schema = 'marts' "
                "and table_name not in ('dim_division', 'dim_scheme', 'fct_fund', 'fct_ranking')"
            ).fetchall():
                connection.execute(f"drop table marts.{table}")
    app = open_page(page)
    assert "缺少本页所需的表或列" in words(app) and "Traceback" not in words(app)


@pytest.mark.parametrize("page", PAGES)
def test_nobody_sees_it_without_signing_in(open_page, home: Path, monkeypatch, page: str) -> None:
    monkeypatch.setenv("GUATU_ACCESS", "accounts")
    monkeypatch.setattr(session, "presented_secret", lambda _: "forged" * 8)
    edition_files.write_sample(home / "published")
    app = open_page(page)
    assert "请登录后查看" in words(app) and "毕节" not in words(app)


@pytest.mark.parametrize(("page", "role"), ONLY_FOR.items())
def test_who_may_not_is_told_so_or_not_offered_it(open_page, home: Path, page: str, role: str) -> None:
    edition_files.write_sample(home / "published")
    app = open_page("overview")
    app.selectbox(key="view_role").set_value(role).run()
    if page not in OFFERED_TO_ALL:  # not in the navigation, so that no address leads there
        with pytest.raises(ValueError, match="navigation page"):
            app.switch_page(f"app_pages/{page}.py")
        return
    app.switch_page(f"app_pages/{page}.py").run()
    assert not app.exception and "的权限。如确有需要,请联系管理员。" in app.error[0].value


def test_every_state_is_told_apart_without_colour() -> None:
    """Each light, badge and band has a symbol of its own beside its colour."""
    from dashboards.words import business, common

    for table in (common.LIGHTS, common.BY_SHARE, common.BY_PLACE, common.MILESTONES, common.BANDS, common.SIXTY_DAYS,
                  common.RESULTS, common.OUTCOMES, business.ISSUE_STATES, business.MONITORED_TYPES):  # fmt: skip
        symbols = [badge.symbol for badge in table.values()]
        assert all(symbols) and len(set(symbols)) == len(symbols)


def test_paper_shows_the_whole_page_without_its_controls() -> None:
    (printed,) = re.findall(r"@media print \{\n(.*?)\n\}", STYLE, flags=re.S)
    for control in ("stHeader", "stSidebar", ".stSelectbox", ".stDownloadButton", ".stButton"):
        assert re.search(rf"{control}[^{{]*\{{ display: none", printed), control
    assert "max-height: none" in printed and "print-color-adjust: exact" in printed and "break-inside: avoid" in printed


@pytest.mark.parametrize("page", OF_EDITIONS)
def test_it_carries_the_common_style(page: str) -> None:
    """Every page comes through ``open_page``, which brings style, header, edition and states."""
    assert "open_page(" in (DASHBOARDS / "app_pages" / f"{page}.py").read_text(encoding="utf-8")
