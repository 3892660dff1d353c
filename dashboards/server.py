"""The dashboards as a web application: Streamlit behind the gate, with the pages to sign in.

Run with ``streamlit run dashboards/server.py``; ``guatu serve`` does.
"""

import secrets
from typing import Any

from filelock import FileLock
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route
from streamlit.starlette import App

from dashboards.web import downloads, model_docs_page, sign_in
from dashboards.web.gate import Gate
from orchestration.errors import GuatuError
from orchestration.settings import Settings, get_settings


def identity_provider(settings: Settings) -> dict[str, Any] | None:
    """What Streamlit's own sign-in needs; None where it is not used. Raises GuatuError ``oidc_incomplete``."""
    if settings.access != "oidc":
        return None
    secret = settings.oidc_client_secret.get_secret_value() if settings.oidc_client_secret else None
    wanted = {
        "server_metadata_url": ("GUATU_OIDC_METADATA_URL", settings.oidc_metadata_url),
        "client_id": ("GUATU_OIDC_CLIENT_ID", settings.oidc_client_id),
        "client_secret": ("GUATU_OIDC_CLIENT_SECRET", secret),
    }
    missing = [variable for variable, value in wanted.values() if not value]
    if missing:
        raise GuatuError(
            "oidc_incomplete",
            f"GUATU_ACCESS=oidc 还须给出 {'、'.join(missing)}。",
            f"GUATU_ACCESS=oidc also needs {', '.join(missing)}",
            exit_code=2,
        )
    base = settings.public_url or f"http://{settings.host}:{settings.dashboard_port}"
    provider = {name: value for name, (_, value) in wanted.items()}
    return {"auth": {**provider, "redirect_uri": f"{base.rstrip('/')}/oauth2callback", "cookie_secret": _key(settings)}}


def _key(settings: Settings) -> str:
    """The secret that identity cookies are signed with: made once, readable by its owner only."""
    path = settings.access_folder / "cookie.key"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with FileLock(path.with_name(".cookie.lock"), timeout=30):
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32), encoding="ascii")
    return path.read_text(encoding="ascii")


def middleware(settings: Settings) -> list[Middleware]:
    return [Middleware(Gate, settings=settings)]


async def to_first_page(request: Request) -> RedirectResponse:
    """总览 is served at ``/``; its own name in an address leads there, with what the address asks for."""
    return RedirectResponse(f"/?{request.url.query}" if request.url.query else "/")


downloads.keep_files()
app = App(
    "app.py",
    routes=[Route("/overview", to_first_page), *sign_in.routes(get_settings()), *model_docs_page.routes()],
    middleware=middleware(get_settings()),
    secrets=identity_provider(get_settings()),
)
