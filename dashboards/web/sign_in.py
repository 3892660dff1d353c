"""Signing in with a local account: two plain pages outside Streamlit, since only an answer of the web server can set a
cookie that scripts cannot read."""

import time
from collections import OrderedDict, deque
from html import escape
from urllib.parse import parse_qs, urlsplit

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboards.web.gate import PASSWORD, SIGN_IN, read_cookie
from dashboards.web.session import cookie_name, is_secure
from orchestration.access import accounts, audit, identity, sessions
from orchestration.errors import GuatuError
from orchestration.settings import Settings

LONGEST_FORM = 4096
ADDRESS_FAILURES = 30
"""Failed sign-ins from one network address within ``ADDRESS_SECONDS``, whatever the account; an office shares one."""
ADDRESS_SECONDS = 600.0
_ADDRESSES = 10_000

REFUSED = "登录名或密码不对,或账号已停用、暂时锁定。连续输错会锁定一分钟起,逐次加倍;忘记密码请找管理员重设。"
TOO_MANY = "本网络地址登录失败次数过多,请十分钟后再试。"
FOREIGN = "请从本系统的登录页登录。"


class AddressLimit:
    """Counts failed sign-ins by network address, in this process."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def is_reached(self, address: str) -> bool:
        return len(self._recent(address)) >= ADDRESS_FAILURES

    def count(self, address: str) -> None:
        recent = self._recent(address)
        recent.append(time.monotonic())
        self._failures[address] = recent
        self._failures.move_to_end(address)
        while len(self._failures) > _ADDRESSES:
            self._failures.popitem(last=False)

    def _recent(self, address: str) -> deque[float]:
        recent = self._failures.get(address, deque(maxlen=ADDRESS_FAILURES))
        while recent and recent[0] < time.monotonic() - ADDRESS_SECONDS:
            recent.popleft()
        return recent


def routes(settings: Settings) -> list[Route]:
    """The sign-in page and the page for a new password."""
    limit = AddressLimit()

    async def sign_in(request: Request) -> Response:
        wanted = safe_address(request.query_params.get("next"))
        if request.method == "GET":
            return _page(_sign_in_form(wanted))
        form = await _form(request)
        if form is None:
            return _page(_sign_in_form(wanted, FOREIGN), 403)
        wanted = safe_address(form.get("next"))
        address = request.client.host if request.client else "-"
        if limit.is_reached(address):
            return _page(_sign_in_form(wanted, TOO_MANY), 429)
        try:
            secret = await to_thread.run_sync(
                _sign_in, settings, form.get("login", ""), form.get("password", ""), address, _secret(request, settings)
            )
        except GuatuError as error:
            return _page(_sign_in_form(wanted, error.message_zh), 503)
        if secret is None:
            limit.count(address)
            return _page(_sign_in_form(wanted, REFUSED), 401)
        answer = RedirectResponse(wanted, status_code=303)
        _set_cookie(answer, settings, secret)
        return answer

    async def password(request: Request) -> Response:
        visitor = await to_thread.run_sync(identity.by_secret, settings, _secret(request, settings))
        if visitor is None:
            return RedirectResponse(SIGN_IN, status_code=303)
        if request.method == "GET":
            return _page(_password_form("请设一个只有您知道的新密码。" if visitor.must_change else ""))
        form = await _form(request)
        if form is None:
            return _page(_password_form(FOREIGN), 403)
        try:
            secret = await to_thread.run_sync(_change_password, settings, visitor, form)
        except GuatuError as error:
            return _page(_password_form(error.message_zh), 400)
        answer = RedirectResponse("/", status_code=303)
        _set_cookie(answer, settings, secret)
        return answer

    return [
        Route(SIGN_IN, sign_in, methods=["GET", "POST"]),
        Route(PASSWORD, password, methods=["GET", "POST"]),
    ]


def safe_address(wanted: str | None) -> str:
    """A page of this site; the front page for anything that could lead elsewhere."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\", SIGN_IN)):
        return "/"
    return "/" if any(ord(letter) < 32 or letter == "\\" for letter in wanted) else wanted


def _sign_in(settings: Settings, login: str, password: str, address: str, former: str | None) -> str | None:
    """The secret of a new session, always a fresh one; None for a wrong password. Recorded either way."""
    account = accounts.verify(settings, login, password)
    if account is None:
        known = accounts.find(settings, login)  # what was typed may be a password: only known logins are recorded
        audit.write(settings, known.login if known else "-", "-", "sign_in_failed", address=address)
        return None
    audit.write(settings, account.login, account.role, "sign_in", address=address)
    if former:
        sessions.end(settings, former)
    return sessions.start(settings, account.login)


def _change_password(settings: Settings, visitor: identity.Visitor, form: dict[str, str]) -> str:
    """The secret of a new session; all others of the account end."""
    login = visitor.grant.login
    if form.get("new", "") != form.get("again", ""):
        raise GuatuError("passwords_differ", "两次输入的新密码不一样。", "the two new passwords differ")
    if form.get("new", "") == form.get("password", ""):
        raise GuatuError("same_password", "新密码不能与原密码相同。", "the new password is the old one")
    if accounts.verify(settings, login, form.get("password", "")) is None:
        raise GuatuError("wrong_password", "原密码不对,或账号暂时锁定。", "the old password is wrong")
    audit.write(settings, login, visitor.grant.role, "password")
    accounts.set_password(settings, login, form.get("new", ""), must_change=False)
    sessions.end_all(settings, login)
    return sessions.start(settings, login)


async def _form(request: Request) -> dict[str, str] | None:
    """The fields of a form sent from this site's own page; None for any other, and for a form too long."""
    origin = request.headers.get("origin", "")
    if urlsplit(origin).netloc != request.headers.get("host") or not origin:
        return None
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_FORM:
            return None
    try:
        fields = parse_qs(body.decode("ascii"), strict_parsing=True, keep_blank_values=True, max_num_fields=10)
    except ValueError:
        return None
    return {name: values[0] for name, values in fields.items()}


def _secret(request: Request, settings: Settings) -> str | None:
    return read_cookie(request.headers, cookie_name(settings))


def _set_cookie(answer: Response, settings: Settings, secret: str) -> None:
    answer.set_cookie(
        cookie_name(settings),
        secret,
        max_age=settings.session_hours * 3600,
        path="/",
        secure=is_secure(settings),
        httponly=True,
        samesite="lax",
    )


def _sign_in_form(wanted: str, problem: str = "") -> str:
    return (
        f'<h1>挂图作战</h1>{_problem(problem)}<form method="post" action="{SIGN_IN}">'
        f'<input type="hidden" name="next" value="{escape(wanted)}">'
        '<label>登录名<input name="login" autocomplete="username" required autofocus maxlength="64"></label>'
        '<label>密码<input name="password" type="password" autocomplete="current-password" required></label>'
        "<button>登录</button></form><p>没有账号,或忘记密码,请找本单位管理员。</p>"
    )


def _password_form(problem: str = "") -> str:
    new = 'type="password" autocomplete="new-password" required minlength="10"'
    return (
        f'<h1>修改密码</h1>{_problem(problem)}<form method="post" action="{PASSWORD}">'
        '<label>原密码<input name="password" type="password" autocomplete="current-password" required></label>'
        f'<label>新密码<input name="new" {new}></label><label>再输一次<input name="again" {new}></label>'
        "<button>修改</button></form><p>至少 10 个字符,可以是一句话;不含登录名,不全是数字。</p>"
    )


def _problem(text: str) -> str:
    return f'<p class="problem" role="alert">{escape(text)}</p>' if text else ""


def _page(body: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>挂图作战</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<style>{_STYLE}</style></head><body><main>{body}</main></body></html>",
        status_code=status,
    )


_STYLE = (
    "body{margin:0;background:#F6F4F0;color:#1F1F1F;font:16px/1.6 'Source Han Sans SC','Noto Sans CJK SC',"
    "'Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif}"
    "main{max-width:22rem;margin:12vh auto;padding:2rem;background:#FFF;border:1px solid #D9D4CC;"
    "border-top:4px solid #A61B1B}h1{font-size:1.4rem;margin:0 0 1rem}label{display:block;margin:0 0 1rem}"
    "input{display:block;box-sizing:border-box;width:100%;padding:.5rem;margin-top:.25rem;font:inherit;"
    "border:1px solid #8A8378}input:focus,button:focus{outline:3px solid #E0B4B4}"
    "button{width:100%;padding:.6rem;font:inherit;color:#FFF;background:#A61B1B;border:0;cursor:pointer}"
    "p{margin:1rem 0 0;color:#5A554D;font-size:.9rem}.problem{color:#8C1515;margin:0 0 1rem}"
)
