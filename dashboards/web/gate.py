"""What every request passes before it reaches the dashboards: who may connect, and the headers of every answer."""

import json
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import quote

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from dashboards.web.session import cookie_name, is_secure
from orchestration.access import identity
from orchestration.errors import GuatuError
from orchestration.settings import Settings, is_loopback

SIGN_IN, PASSWORD = "/sign-in", "/password"
_WITHOUT_SESSION = (SIGN_IN, "/static/", "/favicon", "/_stcore/health", "/_stcore/host-config")
_CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
_FILES = ("/media/", "/_stcore/upload_file/", "/model-docs")
"""What is sent and taken in outside a page's runs."""
_POLICY = "; ".join(
    (
        "default-src 'self'",
        # Streamlit's own page needs inline scripts and evaluates compiled tables; nothing comes from elsewhere
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "object-src 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


class Gate:
    """ASGI middleware. Open access: this machine only. Local accounts: no page, socket, upload or download without a
    session. OIDC: Streamlit keeps the identity in its own signed cookie; every run of a page checks it, and uploads and
    downloads are checked here."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refusal = await self._refusal(scope)
        if refusal is None:
            await self.app(scope, receive, self._with_headers(scope, send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refusal(scope, receive, self._with_headers(scope, send))

    async def _refusal(self, scope: Scope) -> Response | None:
        path, headers = scope["path"], Headers(scope=scope)
        if path.startswith(_CLOSED):
            return PlainTextResponse("没有这个页面", status_code=404)
        if self.settings.access == "open":
            return None if _is_local(headers) else PlainTextResponse("只能在本机打开", status_code=403)
        if path.startswith(_WITHOUT_SESSION):
            return None
        if self.settings.access == "oidc":
            return await self._refusal_by_claims(path, headers)
        secret = read_cookie(headers, cookie_name(self.settings))
        visitor = await to_thread.run_sync(identity.by_secret, self.settings, secret)
        if visitor is not None and (not visitor.must_change or path == PASSWORD):
            return None
        if scope["type"] == "http" and "text/html" in headers.get("accept", ""):
            place = PASSWORD if visitor is not None else f"{SIGN_IN}?next={quote(_address(scope))}"
            return RedirectResponse(place, status_code=303)
        return PlainTextResponse("请先登录", status_code=401)

    async def _refusal_by_claims(self, path: str, headers: Headers) -> Response | None:
        """Pages ask by themselves who looks, on every run; what is no run of a page is asked here."""
        if not path.startswith(_FILES):
            return None
        claims = read_claims(headers)
        try:
            visitor = await to_thread.run_sync(identity.by_claims, self.settings, claims)
        except GuatuError:
            visitor = None
        return None if visitor is not None else PlainTextResponse("请先登录", status_code=401)

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if is_secure(self.settings):
                    headers["Strict-Transport-Security"] = "max-age=31536000"
                if not scope["path"].startswith("/static/"):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        return sending


def read_cookie(headers: Headers, name: str) -> str | None:
    """One cookie of a request; None for a request without it or with one that cannot be read."""
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return None
    return None if morsel is None else morsel.value


def read_claims(headers: Headers) -> dict[str, Any]:
    """The identity in Streamlit's own cookie, as it reads it itself; empty without one, and for one not signed here."""
    secret = get_cookie_secret()

    def whole(name: str) -> bytes | None:
        value = read_cookie(headers, name)
        return decode_signed_value(secret, name, value) if value else None

    try:
        claims = json.loads(get_cookie_with_chunks(whole, USER_COOKIE_NAME) or b"{}")
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) and claims.get("is_logged_in") else {}


def _is_local(headers: Headers) -> bool:
    """Asked for by this machine's own name, and not passed on by a proxy: a foreign page cannot reach it by a name
    of its own that leads to 127.0.0.1."""
    if any(name.startswith(("x-forwarded", "forwarded")) for name in headers):
        return False
    host = headers.get("host", "")
    return is_loopback(host.rsplit(":", 1)[0] if not host.endswith("]") else host)


def _address(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    return scope["path"] + (f"?{query}" if query else "")
