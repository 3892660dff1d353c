"""A real edition on disk and the real app over it."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

sys.path.insert(0, str(Path(__file__).parent))

APP = Path(__file__).parents[2] / "dashboards" / "app.py"
Open = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def _no_cache() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GUATU_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def round_home(golden_home: Path, home: Path) -> Path:
    """A copy of the published round of 灵山镇, for pages that write."""
    shutil.copytree(golden_home, home, symlinks=True, dirs_exist_ok=True)
    return home


@pytest.fixture
def open_page(home: Path) -> Open:
    """Opens a page of the app as a link with these query parameters would."""

    def opened(page: str, **parameters: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=60)
        for key, value in parameters.items():
            app.query_params[key] = value
        if page != "overview":
            app.switch_page(f"app_pages/{page}.py")
        app.run()
        assert not app.exception, [error.stack_trace for error in app.exception]
        return app

    return opened


@pytest.fixture
def sign_in_as(round_home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Signs somebody of a role in, and shows their cookie from then on."""
    from dashboards import edition
    from dashboards.web import session
    from orchestration.access import accounts, sessions
    from orchestration.settings import get_settings

    monkeypatch.setenv("GUATU_ACCESS", "accounts")
    edition._cut.cache_clear()
    settings = get_settings()

    def signed_in(role: str, *divisions: str) -> None:
        login = "-".join((role, *divisions))
        if login not in accounts.accounts(settings):
            accounts.add(settings, login, role, role, divisions, password="春耕备耕要抓紧,不误农时", must_change=False)
        secret = sessions.start(settings, login)
        monkeypatch.setattr(session, "presented_secret", lambda _: secret)

    return signed_in
