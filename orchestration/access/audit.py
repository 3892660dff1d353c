"""The record of who saw, took away or changed what: an append-only, hash-chained journal.

An entry is on disk before anything is shown or sent. Where it cannot be written, nothing goes out. Entries hold who,
what, of which edition, page and filter, and when; never a household's or person's data, never the text of a query.
"""

from collections.abc import Iterator
from typing import Any, Literal

from filelock import Timeout

from orchestration.errors import GuatuError
from orchestration.records import journal
from orchestration.settings import Settings, now

What = Literal[
    "sign_in",
    "sign_in_failed",
    "sign_out",
    "purpose",
    "view_personal",
    "export",
    "sql",
    "decision",
    "upload",
    "account",
    "password",
    "view_as",
    "erasure",
]

WHAT_TITLES: dict[str, str] = {
    "sign_in": "登录",
    "sign_in_failed": "登录失败",
    "sign_out": "退出",
    "purpose": "填写用途",
    "view_personal": "查看农户",
    "export": "导出",
    "sql": "查询",
    "decision": "审定",
    "upload": "报送",
    "account": "账号变更",
    "password": "改密码",
    "view_as": "以他人身份查看",
    "erasure": "按要求删除",
}


def write(settings: Settings, login: str, role: str, what: What, **details: str | int | None) -> None:
    """Puts one entry on disk; details left None are not written.

    Raises GuatuError ``audit_failed``: the caller must then not show, send or do what it was about to.
    """
    record: dict[str, Any] = {"at": now().isoformat(timespec="seconds"), "who": login, "role": role, "what": what}
    record |= {key: value for key, value in details.items() if value is not None}
    try:
        journal.append(settings.audit, record)
    except (OSError, Timeout, GuatuError) as error:
        raise GuatuError(
            "audit_failed",
            f"操作记录写不进去({settings.audit}),本次操作未执行。请管理员检查磁盘、权限和记录是否完好。",
            "the audit journal cannot be written; nothing was done",
        ) from error


def read(settings: Settings) -> Iterator[dict[str, Any]]:
    """Entries, newest first. Raises GuatuError ``journal_damaged``."""
    return reversed(journal.entries(settings.audit))


def broken_at(settings: Settings) -> int | None:
    """The first entry, from 1, that was changed, lost or torn; None where the chain is whole."""
    return journal.broken_at(settings.audit)
