"""Identities that are not the visitor's own: made up, stolen after their end, put into headers, or taken over."""

from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import websockets

from hardness.g07_office import PASSWORD, TOWNSHIP, enter
from hardness.viewer import PATIENCE_SECONDS, Viewer, sign_in
from hardness.web import Server
from orchestration.access import accounts, sessions
from orchestration.settings import Settings, now

HEADERS = (
    "X-Forwarded-User", "X-Remote-User", "Remote-User", "X-Auth-Request-User", "X-Auth-Request-Email", "X-User",
    "X-Webauth-User", "X-Streamlit-User", "X-Forwarded-Email", "Authorization",
)  # fmt: skip
MADE_UP = ("x" * 43, "administrator", "../accounts", '{"login": "administrator"}', "", "0", "%00", "guatu")


@dataclass
class Forged:
    """How many were tried, and how many were let in."""

    tried: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def let_in(self) -> int:
        return len(self.failures)

    async def expect_shut(self, server: Server, what: str, cookies: dict[str, str], **headers: str) -> None:
        """Neither a page nor a socket for what is shown."""
        self.tried += 1
        async with _browser(server, cookies, headers) as web:
            for path in ("/ranking", "/media/0.xlsx", "/_stcore/upload_file/a/b"):
                if (await web.get(path)).status_code == 200:
                    self.failures.append(f"{what}: {path} answered")
        try:
            async with Viewer(server.base, cookies, headers):
                self.failures.append(f"{what}: the socket opened")
        except (websockets.WebSocketException, OSError):
            pass


async def attempts(server: Server, settings: Settings) -> Forged:
    """All of them against a running server; an account of its own is used up by it."""
    forged = Forged()
    victim = enter(settings, "victim", "administrator", ())
    for value in MADE_UP:
        await forged.expect_shut(server, f"made-up cookie {value[:12]!r}", {"guatu": value})
    await forged.expect_shut(server, "the session's file name", {"guatu": sessions.key_of(victim.secret)})
    await forged.expect_shut(server, "one letter changed", {"guatu": victim.secret[:-1] + "~"})
    await forged.expect_shut(server, "another cookie's name", {"__Host-guatu": victim.secret, "_streamlit_user": "x"})
    for name in HEADERS:
        await forged.expect_shut(server, f"header {name}", {}, **{name: "administrator"})
    await _after_its_end(forged, server, settings)
    await _taken_over(forged, server, settings)
    return forged


async def _after_its_end(forged: Forged, server: Server, settings: Settings) -> None:
    """Cookies that were good: signed out, password changed, account closed, idle, too old, role taken away."""
    ends = {
        "signed out": lambda login, secret: sessions.end(settings, secret),
        "password changed": lambda login, secret: sessions.end_all(settings, login),
        "account closed": lambda login, secret: accounts.set_disabled(settings, login, True),
        "role gone": lambda login, secret: accounts._change(settings, login, role="no_such_role"),
        "too old": lambda login, secret: _begun_long_ago(settings, secret),
    }
    for number, (what, end) in enumerate(ends.items()):
        login = f"ended{number}"
        enter(settings, login, "analyst", ())
        cookies = await sign_in(server.base, login, PASSWORD)
        async with Viewer(server.base, cookies) as viewer:
            sent = await viewer.open("ranking")
            buttons = [button.deferred_file_id for button in sent.elements("download_button")]
            end(login, cookies["guatu"])
            await forged.expect_shut(server, what, cookies)
            # a tab left open: its socket is there, what it asks for is not given
            forged.tried += 1
            again = await viewer.open("ranking")
            if "请登录" not in again.text or list(again.elements("download_button")):
                forged.failures.append(f"{what}: a tab left open was sent a page")
            for file_id in buttons:
                if await viewer.download(file_id) is not None:
                    forged.failures.append(f"{what}: a tab left open was given a file")


def _browser(server: Server, cookies: dict[str, str], headers: dict[str, str]) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=server.base, cookies=cookies, headers=headers, timeout=PATIENCE_SECONDS)


def _begun_long_ago(settings: Settings, secret: str) -> None:
    session = sessions.find(settings, secret)
    long_ago = (now() - timedelta(hours=settings.session_hours, minutes=1)).isoformat()
    sessions._write(settings, secret, sessions.Session(session.login, long_ago))


async def _taken_over(forged: Forged, server: Server, settings: Settings) -> None:
    """A township that knows an administrator's Streamlit session: neither its state, its rows nor its files."""
    rich = enter(settings, "rich+", "administrator", ())
    poor = enter(settings, "poor", "township", (TOWNSHIP,))
    async with Viewer(server.base, rich.cookies) as viewer:
        sent = await viewer.open("accounts")
        if "victim" not in sent.text:
            forged.failures.append("an administrator does not see the accounts: the attempt proves nothing")
        session_id = viewer.session_id
        async with Viewer(server.base, poor.cookies, session_id=session_id) as thief:
            forged.tried += 1
            if "victim" in (await thief.open("accounts")).text:
                forged.failures.append("a session in use was taken over")
    async with Viewer(server.base, poor.cookies, session_id=session_id) as thief:
        forged.tried += 1
        if "victim" in (await thief.open("accounts")).text:
            forged.failures.append("a session left behind was taken over")
