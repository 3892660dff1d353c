"""Who is signed in: one small file a session under ``access/sessions``, named by the hash of its secret.

The secret is only in the visitor's cookie; the file cannot be turned back into it. A session ends when it is idle too
long, when it is too old, when it is signed out, or with its account.
"""

import hashlib
import json
import os
import secrets
import time
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from orchestration.settings import Settings, now

_TOUCH_AFTER = timedelta(seconds=30)


@dataclass(frozen=True)
class Session:
    """``purpose`` is in force up to ``purpose_until``; an ended session is kept only to refuse its return."""

    login: str
    started_at: str
    purpose: str | None = None
    purpose_until: str | None = None
    ended: bool = False

    def stated_purpose(self, moment: datetime) -> str | None:
        until = self.purpose_until
        return self.purpose if until is not None and datetime.fromisoformat(until) > moment else None


def start(settings: Settings, login: str) -> str:
    """A new session; returns its secret. Files of sessions long over are swept."""
    secret = secrets.token_urlsafe(32)
    _write(settings, secret, Session(login, now().isoformat()))
    _sweep(settings)
    return secret


def is_known(settings: Settings, secret: str) -> bool:
    """Whether there was ever a session of this secret; also once it ended."""
    return _path(settings, secret).exists()


def adopt(settings: Settings, secret: str, login: str, started_at: datetime) -> Session | None:
    """The session of an identity signed in elsewhere, made at first sight; None once it ended or expired."""
    if is_known(settings, secret):
        return find(settings, secret)
    if now() - started_at > timedelta(hours=settings.session_hours):
        return None
    session = Session(login, started_at.isoformat())
    _write(settings, secret, session)
    return session


def find(settings: Settings, secret: str | None) -> Session | None:
    """The session of a secret; None for a forged, expired or ended one."""
    if not secret:
        return None
    path, moment = _path(settings, secret), now()
    try:
        session = Session(**json.loads(path.read_text(encoding="utf-8")))
        idle = timedelta(seconds=time.time() - path.stat().st_mtime)
        age = moment - datetime.fromisoformat(session.started_at)
    except (OSError, ValueError, TypeError):
        return None
    if session.ended:
        return None
    if idle > timedelta(minutes=settings.session_idle_minutes) or age > timedelta(hours=settings.session_hours):
        _write(settings, secret, replace(session, ended=True))
        return None
    if idle > _TOUCH_AFTER:
        os.utime(path)
    return session


def state_purpose(settings: Settings, secret: str, purpose: str | None, minutes: int) -> None:
    """States a purpose for some minutes, or takes it back (None)."""
    session = find(settings, secret)
    if session is not None:
        until = (now() + timedelta(minutes=minutes)).isoformat() if purpose else None
        _write(settings, secret, replace(session, purpose=purpose, purpose_until=until))


def end(settings: Settings, secret: str) -> None:
    """Signs out; the same cookie is refused from now on."""
    session = find(settings, secret)
    if session is not None:
        _write(settings, secret, replace(session, ended=True))


def end_all(settings: Settings, login: str) -> None:
    """Signs a person out everywhere: after a new password, or when the account is closed."""
    for path in _folder(settings).glob("*.json"):
        try:
            session = Session(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            continue
        if session.login == login and not session.ended:
            _write_file(path, replace(session, ended=True))


def key_of(secret: str) -> str:
    """What may be kept and compared in place of the secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _folder(settings: Settings) -> Path:
    return settings.access_folder / "sessions"


def _path(settings: Settings, secret: str) -> Path:
    return _folder(settings) / f"{key_of(secret)}.json"


def _write(settings: Settings, secret: str, session: Session) -> None:
    _folder(settings).mkdir(parents=True, exist_ok=True, mode=0o700)
    _write_file(_path(settings, secret), session)


def _write_file(path: Path, session: Session) -> None:
    temporary = path.with_name(f".{path.stem}.{secrets.token_hex(4)}.tmp")
    temporary.touch(mode=0o600)
    temporary.write_text(json.dumps(asdict(session), ensure_ascii=False), encoding="utf-8")
    os.replace(temporary, path)


def _sweep(settings: Settings) -> None:
    """Removes files no session can come back from; twice the longest life, so that ended ones stay refused."""
    oldest = time.time() - timedelta(hours=2 * settings.session_hours).total_seconds()
    for path in _folder(settings).iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
