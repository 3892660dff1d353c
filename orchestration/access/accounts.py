"""Local accounts: ``access/accounts.json``, for an office without an identity provider.

Readable by the service's own user only, written whole and atomically under a lock. An account also gives an identity
from outside (OIDC) its role and divisions; such an account needs no password.
"""

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from filelock import FileLock
from pydantic import BaseModel, ConfigDict

from orchestration.access import passwords
from orchestration.access.roles import load_roles, role_of
from orchestration.errors import GuatuError
from orchestration.settings import Settings, now

FREE_ATTEMPTS = 5
"""Wrong passwords before an account is locked: for a minute, then twice as long each time, at most ``LONGEST_LOCK``."""
LONGEST_LOCK = timedelta(hours=1)
_LOGIN = re.compile(r"[\w.@-]{2,64}")
_LOCK_SECONDS = 30.0


class Account(BaseModel):
    """One person. ``password`` is an argon2id hash, None where the identity comes from outside."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    login: str
    name: str
    role: str
    divisions: tuple[str, ...] = ()
    department: str | None = None
    password: str | None = None
    disabled: bool = False
    must_change: bool = False
    failures: int = 0
    locked_until: datetime | None = None
    created_at: datetime
    changed_at: datetime


def plain_login(login: str) -> str:
    """A login as it is compared: one form for full and half width, capitals and small letters."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def accounts(settings: Settings) -> dict[str, Account]:
    """All accounts by login. Raises GuatuError ``accounts_damaged``."""
    path = settings.access_folder / "accounts.json"
    if not path.exists():
        return {}
    try:
        records = json.loads(path.read_text(encoding="utf-8"))["accounts"]
        found = [Account.model_validate(record) for record in records]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GuatuError(
            "accounts_damaged",
            f"账号文件 {path} 读不出来。请从备份恢复后再用。",
            f"the accounts file {path} cannot be read",
        ) from error
    return {account.login: account for account in found}


def find(settings: Settings, login: str) -> Account | None:
    """The account, also where it is disabled; None where there is none."""
    return accounts(settings).get(plain_login(login))


def add(
    settings: Settings,
    login: str,
    name: str,
    role: str,
    divisions: tuple[str, ...] = (),
    department: str | None = None,
    password: str | None = None,
    must_change: bool = True,
) -> Account:
    """A new account; without a password it can only be used through an identity provider.

    Raises GuatuError ``bad_login``, ``account_exists``, ``unknown_role``, ``division_wanted``, ``bad_division``,
    ``weak_password``.
    """
    login = plain_login(login)
    if not _LOGIN.fullmatch(login):
        raise GuatuError(
            "bad_login",
            f"登录名 {login} 不能用:2 至 64 个字母、数字、汉字或 . _ - @。",
            "a login has 2 to 64 letters, digits or . _ - @",
            exit_code=2,
        )
    require_place(settings, role, divisions)
    if password is not None:
        passwords.require_good(password, login)
    moment = now()
    account = Account(
        login=login,
        name=name.strip() or login,
        role=role,
        divisions=tuple(sorted(set(divisions))),
        department=department,
        password=None if password is None else passwords.hash_password(password),
        must_change=must_change and password is not None,
        created_at=moment,
        changed_at=moment,
    )
    with _changing(settings) as records:
        if login in records:
            raise GuatuError("account_exists", f"已有账号 {login}。", f"account {login} exists", exit_code=2)
        records[login] = account
    return account


def change_role(settings: Settings, login: str, role: str, divisions: tuple[str, ...]) -> Account:
    """Gives an account another role and other divisions. Raises as ``add``, and ``unknown_account``."""
    require_place(settings, role, divisions)
    return _change(settings, login, role=role, divisions=tuple(sorted(set(divisions))))


def set_password(settings: Settings, login: str, password: str, must_change: bool) -> Account:
    """A new password; also lifts a lock. Raises GuatuError ``weak_password``, ``unknown_account``."""
    passwords.require_good(password, plain_login(login))
    hashed = passwords.hash_password(password)
    return _change(settings, login, password=hashed, must_change=must_change, failures=0, locked_until=None)


def set_disabled(settings: Settings, login: str, disabled: bool) -> Account:
    """Closes an account, or opens it again and lifts a lock. Raises GuatuError ``unknown_account``."""
    return _change(settings, login, disabled=disabled, failures=0, locked_until=None)


def verify(settings: Settings, login: str, password: str) -> Account | None:
    """The account where the password is right and it is neither closed nor locked; else None, with no word on why.

    Each attempt is counted before it is checked, so that many at once count as many.
    """
    moment, login = now(), plain_login(login)
    with _changing(settings) as records:
        account = records.get(login)
        locked = account is not None and account.locked_until is not None and account.locked_until > moment
        if account is not None and not locked:
            failures = account.failures + 1
            until = moment + lock_time(failures) if failures >= FREE_ATTEMPTS else None
            records[login] = account.model_copy(update={"failures": failures, "locked_until": until})
    right = passwords.fits(password, None if account is None else account.password)
    if account is None or locked or account.disabled or not right:
        return None
    update = {"failures": 0, "locked_until": None}
    if passwords.outdated(account.password or ""):
        update["password"] = passwords.hash_password(password)
    with _changing(settings) as records:
        records[login] = records[login].model_copy(update=update)
        return records[login]


def lock_time(failures: int) -> timedelta:
    """How long an account is locked after so many wrong passwords in a row."""
    return min(timedelta(minutes=2 ** min(failures - FREE_ATTEMPTS, 10)), LONGEST_LOCK)


def _change(settings: Settings, login: str, **update: object) -> Account:
    login = plain_login(login)
    with _changing(settings) as records:
        if login not in records:
            raise GuatuError(
                "unknown_account",
                f"没有账号 {login}。可用 guatu user list 查看。",
                f"no account {login}; list them with: guatu user list",
                exit_code=2,
            )
        records[login] = records[login].model_copy(update={**update, "changed_at": now()})
        return records[login]


def require_place(settings: Settings, role: str, divisions: tuple[str, ...]) -> None:
    """Raises GuatuError ``unknown_role``, ``division_wanted``, ``bad_division``."""
    found = role_of(load_roles(settings.seeds), role)
    if found.scope == "own" and not divisions:
        raise GuatuError(
            "division_wanted",
            f"{found.title}账号须用 --division 指明区划代码(12 位),可重复给出。",
            f"an account of role {role} needs --division",
            exit_code=2,
        )
    wrong = [code for code in divisions if not (len(code) == 12 and code.isascii() and code.isdigit())]
    if wrong:
        raise GuatuError(
            "bad_division",
            f"区划代码应为 12 位数字:{'、'.join(wrong)}。",
            f"a division code has 12 digits: {', '.join(wrong)}",
            exit_code=2,
        )


@contextmanager
def _changing(settings: Settings) -> Iterator[dict[str, Account]]:
    """The accounts under the lock; what the caller leaves in the dictionary is written, unless it raises."""
    folder = settings.access_folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with FileLock(folder / ".accounts.lock", timeout=_LOCK_SECONDS):
        records = accounts(settings)
        before = dict(records)
        yield records
        if records != before:
            _write(settings, records)


def _write(settings: Settings, records: dict[str, Account]) -> None:
    path = settings.access_folder / "accounts.json"
    temporary = path.with_name(".accounts.tmp")
    rows = [account.model_dump(mode="json") for _, account in sorted(records.items())]
    text = json.dumps({"accounts": rows}, ensure_ascii=False, indent=1)
    temporary.unlink(missing_ok=True)
    temporary.touch(mode=0o600)
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
