"""Who looks at the page, and what they may see: the one place of the dashboards that knows about people.

Pages need nothing of it: ``edition.query`` reads what the visitor may see, ``export.download`` records what is taken
away. A page that does more asks ``require(ability)`` and calls ``record`` before it acts.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import streamlit as st

from orchestration.access import audit, identity, sessions
from orchestration.access.identity import Visitor
from orchestration.access.roles import Ability, Grant, grant, load_roles, operator
from orchestration.errors import GuatuError
from orchestration.settings import Settings, get_settings, is_loopback, now

OPEN_VIEW = "open_view"
"""Where the open demonstration keeps the role it is looked at in: (role, divisions) or None."""
_OWNER = "session_owner"


@dataclass(frozen=True)
class Ticket:
    """What a visitor showed: good for a new look at what they may do, also after the page was drawn."""

    secret: str | None = None
    claims: tuple[tuple[str, Any], ...] | None = None
    open_view: tuple[str, tuple[str, ...]] | None = None
    is_open: bool = False

    def visitor(self, settings: Settings) -> Visitor | None:
        """The visitor as of now; None where the session is over."""
        if self.is_open:
            return Visitor("open", self._open_grant(settings), None)
        if self.claims is not None:
            return identity.by_claims(settings, dict(self.claims))
        return identity.by_secret(settings, self.secret)

    def grant(self) -> Grant:
        """Raises GuatuError ``signed_out``."""
        visitor = self.visitor(get_settings())
        if visitor is None or visitor.must_change:
            raise GuatuError("signed_out", "登录已过期或已退出,请重新登录。", "the session is over; sign in again")
        return visitor.grant

    def _open_grant(self, settings: Settings) -> Grant:
        if self.open_view is None:
            return operator()
        role, divisions = self.open_view
        return replace(grant(load_roles(settings.seeds), "operator", "演示", role, divisions), login=f"operator:{role}")


def ticket() -> Ticket:
    """What this page's visitor showed when it connected."""
    settings = get_settings()
    if settings.access == "open":
        _require_local()
        return Ticket(is_open=True, open_view=st.session_state.get(OPEN_VIEW))
    if settings.access == "oidc":
        return Ticket(claims=tuple(sorted(_claims().items())))
    return Ticket(secret=presented_secret(settings))


def current() -> Grant:
    """What the visitor may see now. Raises GuatuError ``signed_out``."""
    return ticket().grant()


def require(ability: Ability) -> Grant:
    """The visitor's grant; GuatuError ``not_allowed`` unless it has the ability."""
    held = current()
    held.require(ability)
    return held


def record(what: audit.What, **details: str | int | None) -> None:
    """Writes to the audit journal who does what; call it before doing it.

    Raises GuatuError ``audit_failed``: then it must not be done.
    """
    held = current()
    audit.write(get_settings(), held.login, held.role, what, **details)


def take_away(make: Callable[[], bytes], **details: str | int | None) -> Callable[[], bytes]:
    """``make`` for a download button: asked anew whether the visitor may, recorded, and only then made.

    Where the visitor may see less or more than when the page was drawn, nothing is sent.
    """
    shown_to = ticket()
    drawn_for = shown_to.grant()

    def made() -> bytes:
        held = shown_to.grant()
        held.require("export")
        if held != drawn_for:
            raise GuatuError("view_changed", "可见范围已变化,请刷新页面后再导出。", "reload before exporting")
        audit.write(get_settings(), held.login, held.role, "export", purpose=held.purpose, **details)
        return make()

    return made


def enter() -> Visitor | None:
    """The visitor at the start of a run; None: show the way to sign in. A visitor never inherits another's choices."""
    visitor = ticket().visitor(get_settings())
    owner = None if visitor is None else f"{sessions.key_of(visitor.secret)} {visitor.grant.login}"
    if st.session_state.get(_OWNER) != owner:
        kept = {key: st.session_state[key] for key in (OPEN_VIEW,) if key in st.session_state}
        st.session_state.clear()
        st.session_state.update(kept)
        st.session_state[_OWNER] = owner
    return visitor


def sign_out(visitor: Visitor) -> None:
    """Ends the session; whoever shows the same cookie or identity again is refused."""
    settings = get_settings()
    audit.write(settings, visitor.grant.login, visitor.grant.role, "sign_out")
    sessions.end(settings, visitor.secret)
    if settings.access == "oidc":
        st.logout()
        st.stop()  # a new run now would drop the way to the provider before it was sent


def state_purpose(visitor: Visitor, purpose: str | None, remark: str = "") -> None:
    """States why household rows are opened, for a limited time, or takes it back (None)."""
    settings = get_settings()
    minutes = load_roles(settings.seeds).purpose_minutes
    audit.write(
        settings,
        visitor.grant.login,
        visitor.grant.role,
        "purpose",
        purpose=purpose or "withdrawn",
        remark=remark.strip()[:100] or None,
        until=(now() + timedelta(minutes=minutes)).isoformat(timespec="minutes") if purpose else None,
    )
    sessions.state_purpose(settings, visitor.secret, purpose, minutes)


def cookie_name(settings: Settings) -> str:
    """Behind https the browser itself refuses the cookie from anywhere but this host."""
    return "__Host-guatu" if is_secure(settings) else "guatu"


def is_secure(settings: Settings) -> bool:
    return (settings.public_url or "").startswith("https://")


def presented_secret(settings: Settings) -> str | None:
    """The session's secret from the cookie the browser connected with."""
    value = st.context.cookies.get(cookie_name(settings))
    return value if isinstance(value, str) else None


def page_name() -> str:
    """The page being drawn, for the record."""
    return Path(st.context.url or "").name or "overview"


def _claims() -> dict[str, Any]:
    return st.user.to_dict() if st.user.get("is_logged_in") else {}


def _require_local() -> None:
    """Open access is for this machine alone: not on another address, not behind a proxy."""
    forwarded = any(name.lower().startswith(("x-forwarded", "forwarded")) for name in st.context.headers)
    if not is_loopback(str(st.get_option("server.address"))) or forwarded:
        raise GuatuError(
            "open_not_local",
            "GUATU_ACCESS=open 只能在本机使用:看板须只监听 127.0.0.1,前面不能有代理。请改用 accounts 或 oidc。",
            "open access is for loopback only, without a proxy",
        )
