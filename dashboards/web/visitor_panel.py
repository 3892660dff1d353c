"""Beside every page: who is signed in, in what role, for what purpose, and the way out."""

from html import escape

import streamlit as st

from dashboards.edition import all_divisions
from dashboards.web import session
from orchestration.access.identity import Visitor
from orchestration.access.roles import load_roles
from orchestration.errors import GuatuError
from orchestration.settings import get_settings

WHOLE = "whole"
_GO = (
    '<p><a href="/sign-in" target="_self" id="g-sign-in">登录</a></p>'
    '<script>location.replace("/sign-in?next=" + encodeURIComponent(location.pathname + location.search))</script>'
)
HOUSEHOLD_TITLES = {"none": "不显示农户", "masked": "农户以代号显示", "open": "农户原样显示"}


def pages(visitor: Visitor | None) -> list[st.Page]:
    """The pages that only some may open."""
    if visitor is None:
        return []
    found = []
    if visitor.grant.may("audit"):
        found.append(st.Page("app_pages/audit.py", title="操作记录", icon=":material/history:", url_path="audit"))
    if visitor.grant.may("manage"):
        found.append(st.Page("app_pages/accounts.py", title="账号", icon=":material/group:", url_path="accounts"))
    return found


def ask_to_sign_in() -> None:
    """What stands in place of the page for someone not signed in, or no longer."""
    st.html('<div class="g-head"><h1>挂图作战</h1></div>')
    if get_settings().access == "oidc":
        st.info("请登录后查看。", icon=":material/login:")
        if st.button("用统一身份认证登录", type="primary"):
            st.login()
    else:
        st.info("请登录后查看;登录过期的,请重新登录。", icon=":material/login:")
        st.html(_GO, unsafe_allow_javascript=True)


def offer_another_identity() -> None:
    """For someone the identity provider knows and this installation does not."""
    if st.button("换一个身份登录", icon=":material/logout:"):
        st.logout()


def show(visitor: Visitor) -> None:
    """Name, role and divisions; purpose, password and sign-out, or the role to show the demonstration in."""
    held, mode = visitor.grant, get_settings().access
    with st.sidebar:
        st.markdown(f"**{escape(held.name)}** · {held.title}")
        places = "全部区划" if held.everywhere else f"区划 {'、'.join(held.divisions)}"
        st.caption(f"{places};{HOUSEHOLD_TITLES[held.households]}")
        if mode == "open":
            _choose_view()
            return
        _purpose(visitor)
        if mode == "accounts":
            st.html('<p><a href="/password" target="_self">修改密码</a></p>')
        if st.button("退出登录", key="sign_out", icon=":material/logout:"):
            session.sign_out(visitor)
            st.rerun()


def _purpose(visitor: Visitor) -> None:
    roles = load_roles(get_settings().seeds)
    titles = {purpose.code: purpose.title for purpose in roles.purposes}
    if visitor.grant.purpose:
        until = f"{visitor.purpose_until:%H:%M}" if visitor.purpose_until else ""
        st.caption(f"用途:{titles.get(visitor.grant.purpose, visitor.grant.purpose)},至 {until}")
        if st.button("收回", key="purpose_withdraw"):
            session.state_purpose(visitor, None)
            st.rerun()
        return
    role = roles.roles[visitor.grant.role]
    if role.with_purpose == role.households:
        return
    with st.expander("查看农户原样"), st.form("purpose_form", border=False):
        code = st.selectbox("用途", list(titles), format_func=titles.__getitem__, key="purpose_code")
        remark = st.text_input("说明(不要写姓名、证件号码)", max_chars=100, key="purpose_remark")
        if st.form_submit_button(f"确认,{roles.purpose_minutes} 分钟内有效"):
            session.state_purpose(visitor, code, remark)
            st.rerun()


def _choose_view() -> None:
    """The open demonstration in somebody's place: the same files and rules as for an account of that role."""
    roles = load_roles(get_settings().seeds).roles
    titles = {WHOLE: "全部数据"} | {code: role.title for code, role in roles.items()}
    held = st.session_state.get(session.OPEN_VIEW)
    codes = list(titles)
    picked = st.selectbox(
        "以…身份查看", codes, codes.index(held[0]) if held else 0, titles.__getitem__, key="view_role"
    )
    view = None
    if picked != WHOLE:
        view = (picked, ())
        if roles[picked].scope == "own":
            try:
                names = dict(all_divisions().select("division_code", "name").iter_rows())
            except GuatuError:
                names = {}
            known = list(names)
            at = known.index(held[1][0]) if held and held[1] and held[1][0] in names else 0
            code = st.selectbox("区划", known, at, lambda code: f"{names[code]}({code})", key="view_place")
            view = (picked, (code,) if code else ())
    if view != held:
        session.record("view_as", object=picked, divisions=" ".join(view[1]) if view else None)
        st.session_state[session.OPEN_VIEW] = view
        st.rerun()
