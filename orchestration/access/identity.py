"""From what a visitor shows (a session's secret, or an identity provider's claims) to what they may see."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orchestration.access import accounts, audit, sessions
from orchestration.access.accounts import Account
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
    if session is None or secret is None:
        return None
    return _visitor(settings, secret, session, accounts.find(settings, session.login))


def by_claims(settings: Settings, claims: Mapping[str, Any]) -> Visitor | None:
    """The visitor an identity provider vouches for (claims of the ID token, already checked against its signature).

    The sign-in counts from the token's ``iat``: claims older than a session may be, and those of a session that was
    signed out, are refused. The first sight of a sign-in is recorded. An account here says what the person may do;
    where there is none, the role and divisions in the claims do, if a claim for the role is set.

    Raises GuatuError ``no_account`` for someone known there and not here, ``bad_claims``, ``audit_failed``.
    """
    issued, subject = claims.get("iat"), claims.get("sub")
    if not isinstance(issued, int | float) or not math.isfinite(issued) or not subject:
        return None
    login = claims.get(settings.oidc_login_claim)
    if not isinstance(login, str) or claims.get("email_verified") is False:
        return None
    started = min(datetime.fromtimestamp(issued, TIMEZONE).replace(tzinfo=None), now())
    account = accounts.find(settings, login) or _claimed(settings, login, claims, started)
    if account is None or account.disabled:
        raise GuatuError(
            "no_account",
            "您的身份已确认,但本系统没有为您开通账号。请联系管理员。",
            "this identity has no account here",
        )
    # `iat` counts seconds: the nonce tells two sign-ins within one apart
    secret = f"oidc {claims.get('iss')} {subject} {issued} {claims.get('nonce', '')}"
    if not sessions.is_known(settings, secret):
        audit.write(settings, account.login, account.role, "sign_in", address="oidc")
    session = sessions.adopt(settings, secret, account.login, started)
    return None if session is None else _visitor(settings, secret, session, account)


def _claimed(settings: Settings, login: str, claims: Mapping[str, Any], started: datetime) -> Account | None:
    """The account that the claims describe; None where roles are not taken from claims or this identity has none."""
    role = claims.get(settings.oidc_role_claim) if settings.oidc_role_claim else None
    if not role:
        return None
    given = claims.get(settings.oidc_division_claim) or ()
    codes = re.split(r"[\s,;]+", given.strip()) if isinstance(given, str) else given
    try:
        divisions = tuple(sorted({str(code) for code in codes}))
        accounts.require_place(settings, str(role), divisions)
    except (GuatuError, TypeError) as error:
        raise GuatuError(
            "bad_claims",
            "您的身份已确认,但统一身份认证给出的角色或区划在本系统不能用。请联系管理员。",
            f"the role or divisions in the claims cannot be used: {error}",
        ) from error
    name = claims.get("name")
    return Account(
        login=accounts.plain_login(login),
        name=name if isinstance(name, str) and name else login,
        role=str(role),
        divisions=divisions,
        created_at=started,
        changed_at=started,
    )


def _visitor(settings: Settings, secret: str, session: sessions.Session, account: Account | None) -> Visitor | None:
    if account is None or account.disabled:
        return None
    purpose = session.stated_purpose(now())
    until = datetime.fromisoformat(session.purpose_until) if purpose and session.purpose_until else None
    roles = load_roles(settings.seeds)
    if account.role not in roles.roles:
        return None
    held = grant(roles, account.login, account.name, account.role, account.divisions, purpose)
    return Visitor(secret, held, until, account.must_change)
