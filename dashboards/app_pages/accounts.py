"""账号:谁能登录,什么角色,看到哪里。"""

import polars as pl
import streamlit as st

from dashboards.parts.tables import Column, table
from dashboards.web import session
from orchestration.access import accounts, sessions
from orchestration.access.roles import load_roles
from orchestration.errors import GuatuError
from orchestration.settings import get_settings, now

COLUMNS = [
    Column("login", "登录名"),
    Column("name", "姓名"),
    Column("role", "角色"),
    Column("divisions", "区划"),
    Column("department", "部门", blank="—"),
    Column("state", "状态"),
    Column("changed", "最近变更"),
]

held = session.require("manage")
settings = get_settings()
roles = {code: role.title for code, role in load_roles(settings.seeds).roles.items()}
st.html('<div class="g-head"><h1>账号</h1><p>停用、改密码立即生效:该账号在各处退出。</p></div>')
known = accounts.accounts(settings)


def state(account: accounts.Account) -> str:
    if account.disabled:
        return "停用"
    return "锁定" if account.locked_until is not None and account.locked_until > now() else "正常"


rows = [
    {
        "login": account.login,
        "name": account.name,
        "role": roles.get(account.role, account.role),
        "divisions": "、".join(account.divisions) or "不限",
        "department": account.department,
        "state": state(account),
        "changed": f"{account.changed_at:%Y-%m-%d %H:%M}",
    }
    for account in known.values()
]
st.html(table(pl.DataFrame(rows, schema={c.key: pl.String for c in COLUMNS}, orient="row"), COLUMNS, "还没有账号。"))


def divisions_of(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").replace(",", " ").replace("、", " ").split())


def told(message: str) -> None:
    st.session_state["accounts_told"] = message
    st.rerun()


if message := st.session_state.pop("accounts_told", None):
    st.success(message)
try:
    with st.expander("增加账号"), st.form("account_add", clear_on_submit=True, border=False):
        login = st.text_input("登录名", key="add_login")
        name = st.text_input("姓名", key="add_name")
        role = st.selectbox("角色", list(roles), format_func=roles.__getitem__, key="add_role")
        places = st.text_input("区划代码(12 位,多个用空格隔开)", key="add_divisions")
        department = st.text_input("部门", key="add_department")
        password = st.text_input("初始密码(首次登录须更改)", type="password", key="add_password")
        if st.form_submit_button("增加"):
            session.record("account", object=accounts.plain_login(login), change="add")
            made = accounts.add(settings, login, name, role, divisions_of(places), department or None, password)
            told(f"已增加账号 {made.login}。")
    if known:
        with st.expander("变更账号"):
            login = st.selectbox("登录名", list(known), key="change_login")
            account = known[login]
            disabled = not account.disabled
            if st.button("停用" if disabled else "启用", key="change_disabled", disabled=login == held.login):
                session.record("account", object=login, change="disable" if disabled else "enable")
                accounts.set_disabled(settings, login, disabled)
                if disabled:
                    sessions.end_all(settings, login)
                told(f"已{'停用' if disabled else '启用'} {login}。")
            with st.form("account_role", border=False):
                at = list(roles).index(account.role) if account.role in roles else 0
                role = st.selectbox("角色", list(roles), at, roles.__getitem__, key=f"role_{login}")
                places = st.text_input("区划代码", " ".join(account.divisions), key=f"divisions_{login}")
                if st.form_submit_button("改角色和区划", disabled=login == held.login):
                    session.record("account", object=login, change=f"role {role}", divisions=places)
                    accounts.change_role(settings, login, role, divisions_of(places))
                    told(f"{login} 现为{roles[role]}。")
            with st.form("account_password", clear_on_submit=True, border=False):
                password = st.text_input("新密码(下次登录须更改)", type="password", key=f"password_{login}")
                if st.form_submit_button("重设密码"):
                    session.record("account", object=login, change="password")
                    accounts.set_password(settings, login, password, must_change=True)
                    sessions.end_all(settings, login)
                    told(f"已重设 {login} 的密码,并解除锁定。")
except GuatuError as error:
    st.error(error.message_zh)
