"""``guatu user …`` and ``guatu audit``: accounts, and the record of what was seen and done."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration import console
from orchestration.errors import GuatuError
from orchestration.options import Home, settings_of

if TYPE_CHECKING:
    from orchestration.settings import Settings

app = typer.Typer(help="账号:增加、列出、改密码、停用、启用、改角色。", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="登录名", show_default=False)]
RoleOption = Annotated[
    str,
    typer.Option("--role", help="角色:leader 领导、township 乡镇、department 部门、analyst 分析人员、"
                 "administrator 管理员", show_default=False),
]  # fmt: skip
Divisions = Annotated[
    list[str] | None,
    typer.Option("--division", help="区划代码(12 位),可重复;领导、乡镇、部门必须给出", show_default=False),
]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="从标准输入读密码(一行),不提示")]


@app.callback()
def user() -> None:
    """账号:增加、列出、改密码、停用、启用、改角色。"""


@app.command()
def add(
    login: Login,
    role: RoleOption,
    name: Annotated[str, typer.Option("--name", help="姓名;默认同登录名", show_default=False)] = "",
    division: Divisions = None,
    department: Annotated[str | None, typer.Option("--department", help="所在部门", show_default=False)] = None,
    password_stdin: FromStdin = False,
    no_password: Annotated[bool, typer.Option("--no-password", help="不设密码:只从统一身份认证登录")] = False,
    home: Home = None,
) -> None:
    """增加一个账号;密码当场输入,首次登录须更改。"""
    from orchestration.access import accounts, audit

    settings = settings_of(home)
    password = None if no_password else _password(password_stdin)
    audit.write(settings, "operator", "operator", "account", object=accounts.plain_login(login), change="add")
    made = accounts.add(settings, login, name, role, tuple(division or ()), department, password)
    console.say(f"已增加账号 {made.login}({made.role})。")


@app.command(name="list")
def list_(home: Home = None) -> None:
    """列出账号。"""
    from orchestration.access.accounts import accounts
    from orchestration.settings import now

    rows = []
    for account in accounts(settings_of(home)).values():
        locked = account.locked_until is not None and account.locked_until > now()
        state = "停用" if account.disabled else "锁定" if locked else "正常"
        rows.append((account.login, account.name, account.role, "、".join(account.divisions), account.department,
                     state, account.changed_at))  # fmt: skip
    console.print_table(["登录名", "姓名", "角色", "区划", "部门", "状态", "最近变更"], rows)


@app.command()
def passwd(login: Login, password_stdin: FromStdin = False, home: Home = None) -> None:
    """重设密码,解除锁定,该账号在各处退出;下次登录须更改。"""
    from orchestration.access import accounts, audit, sessions

    settings = settings_of(home)
    password = _password(password_stdin)
    audit.write(settings, "operator", "operator", "account", object=accounts.plain_login(login), change="password")
    changed = accounts.set_password(settings, login, password, must_change=True)
    sessions.end_all(settings, changed.login)
    console.say(f"已重设 {changed.login} 的密码。")


@app.command()
def disable(login: Login, home: Home = None) -> None:
    """停用账号,立即在各处退出。"""
    _set_disabled(settings_of(home), login, True)


@app.command()
def enable(login: Login, home: Home = None) -> None:
    """启用账号,并解除锁定。"""
    _set_disabled(settings_of(home), login, False)


@app.command()
def role(login: Login, role: RoleOption, division: Divisions = None, home: Home = None) -> None:
    """改角色和区划,立即生效。"""
    from orchestration.access import accounts, audit

    settings = settings_of(home)
    audit.write(settings, "operator", "operator", "account", object=accounts.plain_login(login), change=f"role {role}",
                divisions=" ".join(division or ()) or None)  # fmt: skip
    changed = accounts.change_role(settings, login, role, tuple(division or ()))
    console.say(f"{changed.login} 现为 {changed.role},区划 {'、'.join(changed.divisions) or '不限'}。")


def show_audit(
    limit: Annotated[int, typer.Option("--limit", min=1, help="列最近几条")] = 50,
    who: Annotated[str | None, typer.Option("--who", help="只列此登录名", show_default=False)] = None,
    home: Home = None,
) -> None:
    """核对操作记录是否完好,并列出最近的登录、查看、导出、查询、审定;记录被改动过以 1 退出。"""
    from orchestration.access import audit

    settings = settings_of(home)
    broken = audit.broken_at(settings)
    if broken is not None:
        raise GuatuError(
            "journal_damaged",
            f"操作记录 {settings.audit} 第 {broken} 条起与校验链不符,可能被改动过。请保全现场并从备份恢复。",
            f"the audit journal is broken from entry {broken} on",
        )
    entries = list(audit.read(settings))
    chosen = [entry for entry in entries if who in (None, entry["who"])][:limit]
    rows = [(e["entry"], e["at"], e["who"], e["role"], audit.WHAT_TITLES.get(e["what"], e["what"]), _rest(e))
            for e in chosen]  # fmt: skip
    console.print_table(["序号", "时间", "谁", "角色", "操作", "内容"], rows)
    if entries:  # to be noted down elsewhere: who can write here can write the journal and its head anew
        console.say(f"共 {entries[0]['entry']} 条,末条校验值 {entries[0]['chain']}")


def _rest(entry: dict[str, object]) -> str:
    known = {"entry", "at", "who", "role", "what", "chain"}
    return " ".join(f"{key}={value}" for key, value in entry.items() if key not in known)


def _set_disabled(settings: "Settings", login: str, disabled: bool) -> None:
    from orchestration.access import accounts, audit, sessions

    change = "disable" if disabled else "enable"
    audit.write(settings, "operator", "operator", "account", object=accounts.plain_login(login), change=change)
    changed = accounts.set_disabled(settings, login, disabled)
    if disabled:
        sessions.end_all(settings, changed.login)
    console.say(f"已{'停用' if disabled else '启用'}账号 {changed.login}。")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise GuatuError(
            "password_wanted",
            "密码须在终端上输入,或用 --password-stdin 从标准输入读入。",
            "type the password on a terminal, or give --password-stdin",
            exit_code=2,
        )
    return typer.prompt("密码", hide_input=True, confirmation_prompt="再输一次")
