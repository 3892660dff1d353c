"""The pages as somebody signed in sees them: what reaches the browser, what is recorded, and when nothing goes out."""

from collections.abc import Callable
from pathlib import Path

import edition_files
import pytest
import sample
import streamlit as st
from streamlit import config
from streamlit.testing.v1 import AppTest

from dashboards import edition
from dashboards.web import session
from orchestration.access import accounts, audit, sessions
from orchestration.errors import GuatuError
from orchestration.settings import Settings, get_settings

PAGES = ["overview", "ranking", "actions", "funds"]
GOOD = "春耕备耕要抓紧,不误农时"
SignIn = Callable[..., str]


@pytest.fixture
def office(home: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation that asks for accounts, with the sample edition and one account of each kind."""
    monkeypatch.setenv("GUATU_ACCESS", "accounts")
    edition_files.write_sample(home / "published")
    edition._cut.cache_clear()
    return get_settings()


@pytest.fixture
def sign_in(office: Settings, monkeypatch: pytest.MonkeyPatch) -> SignIn:
    """Signs somebody in and shows their cookie from now on."""

    def signed_in(role: str, *divisions: str) -> str:
        login = f"{role}{len(accounts.accounts(office))}"
        accounts.add(office, login, "某人", role, divisions, password=GOOD, must_change=False)
        secret = sessions.start(office, login)
        monkeypatch.setattr(session, "presented_secret", lambda _: secret)
        return secret

    return signed_in


def sent(app: AppTest) -> str:
    """Everything the page sent to the browser, as bytes read as text."""

    def collect(block: object) -> list[bytes]:
        parts = []
        for child in getattr(block, "children", {}).values():
            proto = getattr(child, "proto", None)
            parts += [proto.SerializeToString()] if proto is not None else []
            parts += collect(child)
        return parts

    return b"\n".join(collect(app._tree)).decode("utf-8", errors="replace")


@pytest.mark.parametrize("page", PAGES)
def test_a_township_is_sent_nothing_of_another_county(open_page, sign_in, page) -> None:
    sign_in("analyst")
    names = [name for name in sample.COUNTIES.values() if name in sent(open_page(page))]
    assert names, "样本中应有毕节各县"
    sign_in("township", sample.LINGSHAN)
    text = sent(open_page(page))
    assert [name for name in names if name in text] == []


def test_two_people_never_share_cached_rows(sign_in, office) -> None:
    newest = edition.published_editions(office.published)[0]
    sign_in("analyst")
    whole = edition.query(newest, "actions", period="2022-06")
    sign_in("township", sample.LINGSHAN)
    assert edition.query(newest, "actions", period="2022-06").height == 0 < whole.height


def test_choices_and_purposes_are_not_inherited(sign_in) -> None:
    sign_in("analyst")
    app = AppTest.from_file(str(Path(edition.__file__).with_name("app.py")), default_timeout=60)
    app.session_state["kept_division"] = "520500000000"
    app.run()
    app.session_state["kept_secret"] = "of the analyst"
    app.run()
    assert "kept_secret" in app.session_state
    sign_in("township", sample.LINGSHAN)
    app.run()
    assert "kept_secret" not in app.session_state


def test_an_export_is_recorded_before_it_is_made(sign_in, office) -> None:
    sign_in("township", sample.LINGSHAN)
    seen = []
    make = session.take_away(lambda: seen.append(len(list(audit.read(office)))) or b"rows", object="总览", rows=3)
    assert seen == [] and list(audit.read(office)) == []
    assert make() == b"rows" and seen == [1]
    entry = next(audit.read(office))
    assert (entry["what"], entry["object"], entry["rows"]) == ("export", "总览", 3)


def test_where_it_cannot_be_recorded_nothing_goes_out(sign_in, office) -> None:
    sign_in("township", sample.LINGSHAN)
    made = []
    make = session.take_away(lambda: made.append(1) or b"rows", object="总览")
    office.audit.mkdir()  # nothing can be written under that name
    with pytest.raises(GuatuError, match="操作记录写不进去"):
        make()
    assert made == []


def test_where_the_record_was_changed_nothing_goes_out(sign_in, office) -> None:
    sign_in("township", sample.LINGSHAN)
    make = session.take_away(lambda: b"rows", object="总览")
    make()
    office.audit.write_text(office.audit.read_text(encoding="utf-8").replace("总览", "排名"), encoding="utf-8")
    with pytest.raises(GuatuError, match="操作记录写不进去"):
        make()


def test_a_button_drawn_before_signing_out_gives_nothing_after(sign_in, office) -> None:
    secret = sign_in("township", sample.LINGSHAN)
    make = session.take_away(lambda: b"rows", object="总览")
    sessions.end(office, secret)
    with pytest.raises(GuatuError, match="重新登录"):
        make()


def test_a_button_drawn_with_a_purpose_gives_nothing_when_it_is_over(sign_in, office) -> None:
    secret = sign_in("township", sample.LINGSHAN)
    sessions.state_purpose(office, secret, "visit", minutes=60)
    make = session.take_away(lambda: b"rows", object="总览")
    sessions.state_purpose(office, secret, None, minutes=0)
    with pytest.raises(GuatuError, match="可见范围已变化"):
        make()


def test_rows_of_households_are_recorded_before_they_are_read(sign_in, office, tmp_path, monkeypatch) -> None:
    folder = tmp_path / "queries"
    folder.mkdir()
    (folder / "some_households.sql").write_text("select * from marts.fct_rejected_row", encoding="utf-8")
    monkeypatch.setattr(edition, "QUERIES", folder)
    newest = edition.published_editions(office.published)[0]
    secret = sign_in("township", sample.LINGSHAN)
    edition.query(newest, "some_households")
    assert list(audit.read(office)) == []  # under codes: no view of personal data
    sessions.state_purpose(office, secret, "visit", minutes=60)
    edition.query(newest, "some_households")
    entry = next(audit.read(office))
    assert (entry["what"], entry["query"], entry["purpose"]) == ("view_personal", "some_households", "visit")
    office.audit.unlink()
    office.audit.mkdir()
    with pytest.raises(GuatuError, match="操作记录写不进去"):
        edition.query(newest, "some_households")


@pytest.mark.parametrize("page", ["audit", "accounts"])
def test_only_an_administrator_opens_the_office_pages(open_page, sign_in, office, page) -> None:
    audit.write(office, "somebody", "township", "export", object="要看的记录")
    sign_in("administrator")
    app = open_page(page)
    assert not app.error
    assert ("要看的记录" if page == "audit" else "administrator0") in sent(app)
    sign_in("township", sample.LINGSHAN)
    text = sent(open_page(page))
    assert "要看的记录" not in text and "administrator0" not in text


def test_an_administrator_adds_and_closes_an_account(open_page, sign_in, office) -> None:
    sign_in("administrator")
    app = open_page("accounts")
    for key, value in {"login": "lingshan", "name": "甲", "divisions": sample.LINGSHAN, "password": GOOD}.items():
        app.text_input(key=f"add_{key}").set_value(value)
    app.selectbox(key="add_role").set_value("township")
    app.button(key="FormSubmitter:account_add-增加").click().run()
    assert accounts.find(office, "lingshan").divisions == (sample.LINGSHAN,)
    secret = sessions.start(office, "lingshan")
    app.selectbox(key="change_login").set_value("lingshan").run()
    app.button(key="change_disabled").click().run()
    assert accounts.find(office, "lingshan").disabled and sessions.find(office, secret) is None
    assert [entry["change"] for entry in audit.read(office)] == ["disable", "add"]


def test_a_changed_record_is_said_on_the_page(open_page, sign_in, office) -> None:
    for number in range(3):
        audit.write(office, f"user{number}", "township", "export")
    text = office.audit.read_text(encoding="utf-8")
    office.audit.write_text(text.replace("user1", "userX"), encoding="utf-8")
    sign_in("administrator")
    assert "第 2 条起" in open_page("audit").error[0].value


def test_a_purpose_is_stated_on_the_page_and_recorded(open_page, sign_in, office) -> None:
    secret = sign_in("township", sample.LINGSHAN)
    app = open_page("overview")
    app.selectbox(key="purpose_code").set_value("finding")
    app.text_input(key="purpose_remark").set_value("核对三户")
    next(button for button in app.button if "分钟内有效" in button.label).click().run()
    assert sessions.find(office, secret).purpose == "finding"
    entry = next(audit.read(office))
    assert (entry["what"], entry["purpose"], entry["remark"]) == ("purpose", "finding", "核对三户")


def test_signing_out_on_the_page_ends_the_session(open_page, sign_in, office) -> None:
    secret = sign_in("township", sample.LINGSHAN)
    app = open_page("overview")
    app.button(key="sign_out").click().run()
    assert sessions.find(office, secret) is None
    assert "请登录后查看" in sent(app)
    assert next(audit.read(office))["what"] == "sign_out"


def test_the_open_demonstration_shows_what_a_role_sees(open_page, home, monkeypatch) -> None:
    edition_files.write_sample(home / "published")
    app = open_page("actions")
    assert "大方县" in _tables(app)
    app.selectbox(key="view_role").set_value("township").run()
    app.selectbox(key="view_place").set_value("520502000000").run()
    assert "七星关区" in sent(app) and "大方县" not in _tables(app)  # the list of places to choose from names them all


def _tables(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def test_open_access_is_refused_off_this_machine(open_page, home) -> None:
    edition_files.write_sample(home / "published")
    before = config.get_option("server.address")
    config.set_option("server.address", "0.0.0.0")
    try:
        app = open_page("overview")
    finally:
        config.set_option("server.address", before)
    assert "只能在本机使用" in app.error[0].value
    assert "灵山镇" not in sent(app)
    st.cache_data.clear()
