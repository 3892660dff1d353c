"""Signing in through an identity provider: a real one (in this process), a real server, real tokens and cookies."""

import asyncio
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import canary_edition
import httpx
import pytest
from canary_edition import PLACE, A, B
from hardness.viewer import PATIENCE_SECONDS, Run, Viewer
from hardness.web import Server, free_port, serving

from orchestration.access import accounts, audit, identity, sessions
from orchestration.errors import GuatuError
from orchestration.settings import Settings, get_settings

provider_mock = pytest.importorskip("oidc_provider_mock", reason="没有安装 oidc-provider-mock,统一身份认证测试未运行")
sync_api = pytest.importorskip("playwright.sync_api", reason="没有安装 playwright,浏览器测试未运行")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SIGN_IN = "用统一身份认证登录"


def _user(subject: str, **claims: object) -> object:
    claims = {"email": subject, "email_verified": True, **claims}
    return provider_mock.User(sub=subject, claims=claims)


USERS = [
    _user("lingshan"),
    _user("claimed", guatu_role="township", divisions=[B], name="乙"),
    _user("king", guatu_role="king", divisions=[A]),
    _user("placeless", guatu_role="township"),
    _user("stranger"),
    _user("closed", guatu_role="analyst"),
    _user("unverified", guatu_role="analyst", email_verified=False),
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("oidc") / "home"
    canary_edition.write(home)
    made = get_settings(home)
    accounts.add(made, "lingshan", "甲", "township", (A,))
    accounts.add(made, "closed", "丙", "analyst")
    accounts.set_disabled(made, "closed", True)
    return made


@pytest.fixture(scope="module")
def server(settings: Settings) -> Iterator[Server]:
    with provider_mock.run_server_in_thread(user_claims=USERS) as provider:
        metadata = f"http://localhost:{provider.server_port}/.well-known/openid-configuration"
        given = {"METADATA_URL": metadata, "CLIENT_ID": "guatu", "CLIENT_SECRET": "s3cret", "ROLE_CLAIM": "guatu_role"}
        variables = {f"GUATU_OIDC_{name}": value for name, value in given.items()}
        with serving(settings.root, "oidc", free_port(), **variables) as running:
            yield running


async def _sign_in(server: Server, subject: str) -> dict[str, str]:
    """The cookies of a browser that pressed the button, chose who to be at the provider, and came back."""
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as web:
        await web.get(f"{server.base}/_stcore/health")
        async with Viewer(server.base, dict(web.cookies)) as viewer:
            page = await viewer.open("ranking")
            button = next(button for button in page.elements("button") if button.label == SIGN_IN)
            answer = await viewer.rerun(pressed=button.id)
        way = next(m.auth_redirect.url for m in answer.messages if m.WhichOneof("type") == "auth_redirect")
        to_provider = await web.get(urljoin(server.base, way))
        back = await web.post(to_provider.headers["location"], data={"sub": subject})
        await web.get(back.headers["location"])
        return dict(web.cookies)


async def _opened(server: Server, cookies: dict[str, str], page: str = "unit") -> Run:
    async with Viewer(server.base, cookies) as viewer:
        return await viewer.open(page)


def _entering(server: Server, subject: str) -> tuple[dict[str, str], Run]:
    cookies = asyncio.run(_sign_in(server, subject))
    return cookies, asyncio.run(_opened(server, cookies))


def test_an_account_of_this_installation_says_what_its_identity_may(server: Server, settings: Settings) -> None:
    _, page = _entering(server, "lingshan")
    assert "区划 411521103000" in page.text and PLACE[B] not in page.text
    assert next(audit.read(settings))["who"] == "lingshan"


def test_role_and_divisions_come_from_the_claims_where_there_is_no_account(server: Server) -> None:
    _, page = _entering(server, "claimed")
    assert "**乙** · 乡镇" in page.text and f"区划 {B}" in page.text and PLACE[A] not in page.text


@pytest.mark.parametrize(
    "subject, said",
    [("king", "角色或区划在本系统不能用"), ("placeless", "角色或区划在本系统不能用"),
     ("stranger", "没有为您开通账号"), ("closed", "没有为您开通账号"), ("unverified", "请登录后查看")],
)  # fmt: skip
def test_whoever_has_no_place_here_is_refused(server: Server, settings: Settings, subject: str, said: str) -> None:
    before = len(list(audit.read(settings)))
    _, page = _entering(server, subject)
    assert said in page.text and not list(page.elements("download_button"))
    assert len(list(audit.read(settings))) == before


def test_a_session_that_ended_does_not_come_back_with_its_cookie(server: Server, settings: Settings) -> None:
    cookies, page = _entering(server, "claimed")
    out = next(button for button in page.elements("button") if button.label == "退出登录")

    async def sign_out() -> Run:
        async with Viewer(server.base, cookies) as viewer:
            await viewer.open("unit")
            await viewer.rerun(pressed=out.id)
            return await viewer.open("unit")

    assert "请登录后查看" in asyncio.run(sign_out()).text
    assert "请登录后查看" in asyncio.run(_opened(server, cookies)).text  # the same signed cookie in another browser
    again = _entering(server, "claimed")
    assert "请登录后查看" not in again[1].text
    for path in (settings.access_folder / "sessions").glob("*.json"):  # too old, whoever they are
        path.write_text(re.sub(r'"started_at": "\d{4}', '"started_at": "2020', path.read_text("utf-8")), "utf-8")
    assert "请登录后查看" in asyncio.run(_opened(server, again[0])).text


def test_files_are_for_those_signed_in_and_not_only_pages(server: Server) -> None:
    """A tab that never signed in has a socket and a session of Streamlit's; it may send and fetch nothing."""
    cookies = asyncio.run(_sign_in(server, "claimed"))
    stranger = asyncio.run(_sign_in(server, "stranger"))
    paths = ("/media/0.xlsx", "/_stcore/upload_file/a/b", "/model-docs")
    for shown in (
        {},
        {"_streamlit_user": "x"},
        {**cookies, "_streamlit_user": cookies["_streamlit_user"][:-3]},
        stranger,
    ):
        assert [httpx.get(server.base + path, cookies=shown).status_code for path in paths] == [401] * 3
    assert httpx.get(f"{server.base}/media/0.xlsx", cookies=cookies).status_code == 404


@pytest.mark.parametrize("change", ["cut", "other key", "other name", "no origin"])
def test_a_cookie_changed_or_shown_from_elsewhere_is_nobody(server: Server, change: str) -> None:
    cookies, page = _entering(server, "claimed")
    assert "请登录后查看" not in page.text
    name = "_streamlit_user"
    value = cookies[name]
    match change:
        case "cut":
            cookies[name] = value[:-3] + "AAA"
        case "other key":
            from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

            told = f'{{"origin": "{server.base}", "is_logged_in": true, "sub": "1", "email": "lingshan", "iat": 9e9}}'
            cookies[name] = create_signed_value("0" * 64, name, told).decode()
        case "other name":
            cookies["_streamlit_user_tokens"] = cookies.pop(name)
        case "no origin":
            cookies.pop("_streamlit_xsrf")
    assert "请登录后查看" in asyncio.run(_opened(server, cookies)).text


@pytest.mark.parametrize("given", [["411521103000", "x"], "411521103000;9", {"a": 1}, 7, [None]])
def test_divisions_that_are_no_codes_are_refused(settings: Settings, given: object) -> None:
    roles = settings.model_copy(update={"oidc_role_claim": "guatu_role"})
    claims = {"iss": "i", "sub": "u", "iat": 1, "email": "new", "guatu_role": "township", "divisions": given}
    with pytest.raises(GuatuError, match="角色或区划"):
        identity.by_claims(roles, claims)
    assert not sessions.is_known(roles, "oidc i u 1")


@pytest.mark.skipif(CHROMIUM is None, reason="没有找到 chromium,浏览器测试未运行(apt-get install chromium)")
def test_the_way_in_and_out_in_a_browser(server: Server, tmp_path: Path) -> None:
    with sync_api.sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(90_000)
        page.goto(f"{server.base}/ranking")
        page.get_by_role("button", name=SIGN_IN).click()
        page.wait_for_url("http://localhost:**/oauth2/authorize**")
        page.locator("button", has_text="lingshan").first.click()
        page.wait_for_url(f"{server.base}/**")
        page.get_by_test_id("stExpandSidebarButton").click()
        page.get_by_text("区划 411521103000").wait_for()
        page.get_by_role("button", name="退出登录").click()
        page.wait_for_url(
            "http://localhost:**/oauth2/end_session**", wait_until="commit"
        )  # out at the provider as well
        page.goto(f"{server.base}/ranking")
        page.get_by_text("请登录后查看").wait_for()
        browser.close()
