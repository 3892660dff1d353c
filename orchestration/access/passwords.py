"""Passwords: hashed with argon2id, checked two at a time, and long enough to be worth hashing."""

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from orchestration.errors import GuatuError

MINIMUM_LENGTH = 10
MAXIMUM_LENGTH = 200

_AT_ONCE = threading.BoundedSemaphore(2)
"""A check takes 64 MB: a flood of them must not take the machine's memory."""


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # argon2id, RFC 9106's second recommended choice


@cache
def _nobody() -> str:
    """A hash that no password fits, so that an unknown account costs the same time as a known one."""
    return _hasher().hash("\0")


def hash_password(password: str) -> str:
    with _AT_ONCE:
        return _hasher().hash(password)


def fits(password: str, stored: str | None) -> bool:
    """Whether the password is the one that was hashed; takes the same time where there is none."""
    with _AT_ONCE:
        try:
            return _hasher().verify(stored or _nobody(), password[:MAXIMUM_LENGTH]) and stored is not None
        except (VerifyMismatchError, InvalidHashError):
            return False


def outdated(stored: str) -> bool:
    """Whether a hash was made with weaker settings than today's."""
    return _hasher().check_needs_rehash(stored)


def require_good(password: str, login: str) -> None:
    """GuatuError ``weak_password`` with what is wrong with it."""
    problem = None
    if len(password) < MINIMUM_LENGTH:
        problem = f"不足 {MINIMUM_LENGTH} 个字符"
    elif len(password) > MAXIMUM_LENGTH:
        problem = f"超过 {MAXIMUM_LENGTH} 个字符"
    elif login.casefold() in password.casefold():
        problem = "含有登录名"
    elif len(set(password)) < 5:
        problem = "重复的字符太多"
    elif password.isdigit():
        problem = "全是数字"
    if problem:
        raise GuatuError(
            "weak_password",
            f"密码{problem}。请用 {MINIMUM_LENGTH} 个以上字符,可以是一句话,不要含登录名,不要全是数字。",
            f"the password is too weak: at least {MINIMUM_LENGTH} characters, not all digits, without the login",
            exit_code=2,
        )
