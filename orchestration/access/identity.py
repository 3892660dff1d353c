"""From what a visitor shows (a session's secret, or an identity provider's claims) to what they may see."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orchestration.access import accounts, audit, sessions
from orchestration.access.roles import Grant, grant, load_roles
from orchestration.errors import GuatuError
from orchestration.settings import TIMEZONE, Settings, now


@dataclass(frozen=True)
class Visitor:
    """Someone signed in. ``secret`` finds the session again; ``must_change``: a password set by somebody else."""

    secret: str
    grant: Grant
    purpose_until: datetime | None
    must_change: bool = False


def by_secret(settings: Settings, secret: str | None) -> Visitor | None:
    """The visitor of a session; None where the session is forged, over, or its account closed or gone."""
    session = sessions.find(settings, secret)
    return None if session is None or secret is None else _visitor(settings, secret, session)


def by_claims(settings: Settings, claims: Mapping[str, Any]) -> Visitor | None:
    """The visitor an identity provider vouches for (claims of the ID token, already checked against its signature).

    The sign-in counts from the token's ``iat``: claims older than a session may be, and those of a session that was
    signed out, are refused. The first sight of a sign-in is recorded.

    Raises GuatuError ``no_account`` for someone known there and not here, ``audit_failed``.
    """
    issued, subject = claims.get("iat"), claims.get("sub")
    if not isinstance(issued, int | float) or not math.isfinite(issued) or not subject:
        return None
    login = claims.get(settings.oidc_login_claim)
    if not isinstance(login, str) or claims.get("email_verified") is False:
        return None
    account = accounts.find(settings, login)
    if account is None or account.disabled:
        raise GuatuError(
            "no_account",
            "您的身份已确认,但本系统没有为您开通账号。请联系管理员。",
            "this identity has no account here",
        )
    secret = f"oidc {claims.get('iss')} {subject} {issued}"
    started = datetime.fromtimestamp(issued, TIMEZONE).replace(tzinfo=None)
    if not sessions.is_known(settings, secret):
        audit.write(settings, account.login, account.role, "sign_in", address="oidc")
    session = sessions.adopt(settings, secret, account.login, min(started, now()))
    return None if session is None else _visitor(settings, secret, session)


def _visitor(settings: Settings, secret: str, session: sessions.Session) -> Visitor | None:
    account = accounts.find(settings, session.login)
    if account is None or account.disabled:
        return None
    purpose = session.stated_purpose(now())
    until = datetime.fromisoformat(session.purpose_until) if purpose and session.purpose_until else None
    roles = load_roles(settings.seeds)
    if account.role not in roles.roles:
        return None
    held = grant(roles, account.login, account.name, account.role, account.divisions, purpose)
    return Visitor(secret, held, until, account.must_change)
