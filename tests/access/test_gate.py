"""The web server's door: who gets a page, a socket, a download; and what every answer carries. Real requests."""

import re
from pathlib import Path

import pytest
from canary_edition import A
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboards import server
from dashboards.web import sign_in
from dashboards.web.gate import HEADERS
from orchestration.access import accounts, audit, sessions
from orchestration.errors import GuatuError
from orchestration.serve import require_closed_door
from orchestration.settings import Settings

GOOD, BASE = "春耕备耕要抓紧,不误农时", "http://127.0.0.1:8501"
HTML = {"accept": "text/html"}


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("rows")
    await socket.close()


def client(settings: Settings, base: str = BASE) -> TestClient:
    """The gate and the sign-in pages before a stand-in for Streamlit's own routes."""
    page = Route("/{path:path}", lambda request: PlainTextResponse("rows"))
    routes = [*sign_in.routes(settings), WebSocketRoute("/_stcore/stream", _socket), page]
    app = Starlette(routes=routes, middleware=server.middleware(settings))
    return TestClient(app, base_url=base, follow_redirects=False)


@pytest.fixture
def office_web(office: Settings) -> tuple[Settings, TestClient]:
    settings = office.model_copy(update={"access": "accounts"})
    accounts.add(settings, "lingshan", "甲", "township", (A,), password=GOOD, must_change=False)
    return settings, client(settings)


def _sign_in(web: TestClient, password: str = GOOD, **form: str):
    return web.post("/sign-in", data={"login": "lingshan", "password": password, **form}, headers={"origin": BASE})


def test_without_a_session_there_is_no_page_no_socket_and_no_download(office_web) -> None:
    _, web = office_web
    page = web.get("/ranking?period=2022-06", headers=HTML)
    assert page.status_code == 303 and page.headers["location"] == "/sign-in?next=/ranking%3Fperiod%3D2022-06"
    for path in ("/", "/media/abc.xlsx", "/_stcore/upload_file/a/b", "/component/x", "/app/static/x"):
        answer = web.get(path)
        assert answer.status_code == 401 and "rows" not in answer.text
    with pytest.raises(WebSocketDisconnect), web.websocket_connect("/_stcore/stream"):
        pass
    assert web.get("/_stcore/health").status_code == 200
    for closed in ("/_stcore/metrics", "/_stcore/agent/mcp", "/_stcore/script-health-check"):
        assert web.get(closed).status_code == 404


def test_signing_in_opens_everything_and_signing_out_closes_it(office_web) -> None:
    settings, web = office_web
    answer = _sign_in(web, next="/ranking?period=2022-06")
    assert answer.status_code == 303 and answer.headers["location"] == "/ranking?period=2022-06"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "samesite=lax" in cookie.lower()
    assert web.get("/ranking", headers=HTML).text == "rows"
    secret = web.cookies["guatu"]
    shown = {"cookie": f"guatu={secret}"}
    with web.websocket_connect("/_stcore/stream", headers=shown) as socket:
        assert socket.receive_text() == "rows"
    sessions.end(settings, secret)
    assert web.get("/ranking").status_code == 401  # the same cookie, shown again
    with pytest.raises(WebSocketDisconnect), web.websocket_connect("/_stcore/stream", headers=shown):
        pass
    assert [entry["what"] for entry in audit.read(settings)] == ["sign_in"]


@pytest.mark.parametrize("forged", ["x" * 43, "lingshan", "../accounts", '{"login":"lingshan"}', ""])
def test_a_forged_cookie_opens_nothing(office_web, forged: str) -> None:
    settings, web = office_web
    sessions.start(settings, "lingshan")
    assert web.get("/ranking", headers={"cookie": f"guatu={forged}"}).status_code == 401


def test_a_new_sign_in_never_takes_over_a_cookie_from_before(office_web) -> None:
    settings, web = office_web
    planted = sessions.start(settings, "lingshan")
    web.cookies.set("guatu", planted)
    _sign_in(web)
    assert sessions.find(settings, planted) is None  # what somebody planted or left behind is dead


def test_guessing_is_refused_recorded_and_slowed(office_web) -> None:
    settings, web = office_web
    texts = {_sign_in(web, f"guess {n}").text for n in range(3)}
    unknown = web.post("/sign-in", data={"login": "nobody", "password": "guess"}, headers={"origin": BASE})
    assert unknown.status_code == 401 and len(texts | {unknown.text}) == 1  # nothing tells whether the account exists
    failed = [entry for entry in audit.read(settings) if entry["what"] == "sign_in_failed"]
    assert [entry["who"] for entry in failed] == ["-", "lingshan", "lingshan", "lingshan"]
    assert "guess" not in settings.audit.read_text(encoding="utf-8")


def test_an_address_that_guesses_at_many_accounts_is_stopped(office: Settings, monkeypatch) -> None:
    monkeypatch.setattr(sign_in, "ADDRESS_FAILURES", 4)
    web = client(office.model_copy(update={"access": "accounts"}))
    form = [{"login": f"user{n}", "password": "guess"} for n in range(6)]
    codes = [web.post("/sign-in", data=fields, headers={"origin": BASE}).status_code for fields in form]
    assert codes == [401, 401, 401, 401, 429, 429]


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://127.0.0.1:8501.evil.example"])
def test_a_form_from_elsewhere_is_refused(office_web, origin) -> None:
    _, web = office_web
    headers = {"origin": origin} if origin else {}
    answer = web.post("/sign-in", data={"login": "lingshan", "password": GOOD}, headers=headers)
    assert answer.status_code == 403 and "set-cookie" not in answer.headers


def test_a_form_too_long_is_refused(office_web) -> None:
    _, web = office_web
    assert _sign_in(web, "x" * 10_000).status_code == 403


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", "", "/sign-in"]
)
def test_after_signing_in_one_stays_on_this_site(office_web, wanted: str) -> None:
    _, web = office_web
    assert _sign_in(web, next=wanted).headers["location"] == "/"


def test_what_is_asked_for_cannot_write_into_the_page(office_web) -> None:
    _, web = office_web
    page = web.get("/sign-in", params={"next": '/"><script>alert(1)</script>'})
    assert "<script>" not in page.text


def test_a_password_set_by_somebody_else_must_be_changed_first(office_web) -> None:
    settings, web = office_web
    accounts.set_password(settings, "lingshan", GOOD, must_change=True)
    _sign_in(web)
    assert web.get("/ranking", headers=HTML).headers["location"] == "/password"
    shown = {"cookie": f"guatu={web.cookies['guatu']}"}
    with pytest.raises(WebSocketDisconnect), web.websocket_connect("/_stcore/stream", headers=shown):
        pass
    new = "秋收冬种,颗粒归仓,一户不落"
    before = web.cookies["guatu"]

    def change(**form: str) -> int:
        return web.post("/password", data=form, headers={"origin": BASE}).status_code

    assert change(password="wrong wrong", new=new, again=new) == 400
    assert change(password=GOOD, new=new, again="another") == 400
    assert change(password=GOOD, new="short", again="short") == 400
    assert change(password=GOOD, new=GOOD, again=GOOD) == 400
    assert change(password=GOOD, new=new, again=new) == 303
    assert web.get("/ranking", headers=HTML).text == "rows"
    assert sessions.find(settings, before) is None
    assert accounts.verify(settings, "lingshan", new) is not None


def test_every_answer_carries_the_headers_and_is_not_kept(office_web) -> None:
    _, web = office_web
    for path in ("/sign-in", "/ranking", "/_stcore/health", "/_stcore/metrics"):
        answer = web.get(path)
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert answer.headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in answer.headers


def test_behind_https_the_cookie_is_for_this_host_alone(office: Settings) -> None:
    settings = office.model_copy(update={"access": "accounts", "public_url": "https://guatu.example"})
    accounts.add(settings, "lingshan", "甲", "township", (A,), password=GOOD, must_change=False)
    web = client(settings, "https://guatu.example")
    form = {"login": "lingshan", "password": GOOD}
    answer = web.post("/sign-in", data=form, headers={"origin": "https://guatu.example"})
    assert re.match(r"__Host-guatu=\S+; ", answer.headers["set-cookie"]) and "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert web.get("/ranking").text == "rows"


def test_no_sign_in_where_it_cannot_be_recorded(office_web) -> None:
    settings, web = office_web
    settings.audit.mkdir()  # nothing can be written under that name
    answer = _sign_in(web)
    assert answer.status_code == 503 and "set-cookie" not in answer.headers
    assert list((settings.access_folder).glob("sessions/*")) == []


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost:8501", "[::1]:8501"])
def test_open_access_answers_this_machine(office: Settings, host: str) -> None:
    web = client(office.model_copy(update={"access": "open"}))
    assert web.get("/ranking", headers={"host": host}).text == "rows"


@pytest.mark.parametrize("headers", [{"host": "10.1.2.3:8501"}, {"host": "rebound.example"}, {"host": ""},
                                     {"host": "127.0.0.1", "x-forwarded-for": "10.1.2.3"},
                                     {"host": "127.0.0.1", "forwarded": "for=10.1.2.3"}])  # fmt: skip
def test_open_access_answers_nobody_else(office: Settings, headers: dict[str, str]) -> None:
    web = client(office.model_copy(update={"access": "open"}))
    assert web.get("/ranking", headers=headers).status_code == 403


def test_open_access_does_not_listen_on_the_network(office: Settings) -> None:
    with pytest.raises(GuatuError, match="只能监听"):
        require_closed_door(office.model_copy(update={"access": "open", "host": "0.0.0.0"}))
    require_closed_door(office.model_copy(update={"access": "accounts", "host": "0.0.0.0"}))


def test_an_identity_provider_needs_its_settings(office: Settings) -> None:
    with pytest.raises(GuatuError, match="GUATU_OIDC_CLIENT_SECRET"):
        server.identity_provider(office.model_copy(update={"access": "oidc"}))


def test_streamlit_finds_the_application() -> None:
    from streamlit.web.server.app_discovery import discover_asgi_app

    found = discover_asgi_app(Path(server.__file__))
    assert found.is_asgi_app and found.app_name == "app"
