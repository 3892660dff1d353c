"""A viewer without a browser: signs in, speaks the dashboards' own websocket, and keeps every byte it was sent."""

import asyncio
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

import httpx
import websockets
from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

PATIENCE_SECONDS = 120.0
_NUMBERS = itertools.count(1)


@dataclass
class Run:
    """One run of a page: all that was sent for it, raw and as messages."""

    raw: list[bytes] = field(default_factory=list)
    messages: list[ForwardMsg] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything sent, as bytes read as text."""
        return b"\n".join(self.raw).decode("utf-8", errors="replace")

    def elements(self, kind: str) -> Iterator[Message]:
        """The elements of a kind (``download_button``, ``selectbox``, ``alert``) in the order they came."""
        for message in self.messages:
            if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element":
                element = message.delta.new_element
                if element.WhichOneof("type") == kind:
                    yield getattr(element, kind)

    @property
    def errors(self) -> list[str]:
        """What the page said in red, and exceptions."""
        from streamlit.proto.Alert_pb2 import Alert

        said = [alert.body for alert in self.elements("alert") if alert.format == Alert.ERROR]
        return said + [f"{error.type}: {error.message}" for error in self.elements("exception")]


class Viewer:
    """One browser tab. ``cookies`` as the browser would send them; use it in an ``async with``."""

    def __init__(
        self,
        base: str,
        cookies: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
        session_id: str | None = None,
    ) -> None:
        self.base = base
        self.cookies = dict(cookies)
        self.headers = dict(headers or {})
        self.session_id = session_id
        self.page = ""
        self.widgets: dict[str, WidgetState] = {}
        self._socket: websockets.ClientConnection | None = None

    async def __aenter__(self) -> Self:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        protocols = ["streamlit", self.cookies.get("_streamlit_xsrf", "none")]
        self._socket = await websockets.connect(
            f"ws://{urlsplit(self.base).netloc}/_stcore/stream",
            additional_headers={"Cookie": cookie, **self.headers},
            origin=self.base,
            subprotocols=[*protocols, *([self.session_id] if self.session_id else [])],
            max_size=None,
            compression=None,
            open_timeout=PATIENCE_SECONDS,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def open(self, page: str = "", query: str = "") -> Run:
        """Goes to a page as a link does; choices made on other pages are left behind."""
        self.page, self.widgets = page, {}
        return await self.rerun(query)

    async def rerun(self, query: str = "", **pressed: str) -> Run:
        """Runs the page again with the widgets as set; ``pressed`` are ids of buttons."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_name = query, self.page
        asked.context_info.url = f"{self.base}/{self.page}"
        asked.context_info.timezone = "Asia/Shanghai"
        asked.widget_states.widgets.extend(self.widgets.values())
        for widget in pressed.values():
            asked.widget_states.widgets.append(WidgetState(id=widget, trigger_value=True))
        await self._socket.send(message.SerializeToString())
        return await self._until_finished()

    def choose(self, widget: str, value: str) -> None:
        """Sets a selectbox or text field to any value, offered or not."""
        self.widgets[widget] = WidgetState(id=widget, string_value=value)

    async def download(self, file_id: str) -> bytes | None:
        """What a download button gives; None where the server refuses to make it."""
        message = BackMsg()
        message.backend_operation_request.request_id = str(next(_NUMBERS))
        message.backend_operation_request.session_id = self.session_id or ""
        message.backend_operation_request.deferred_file.file_id = file_id
        await self._socket.send(message.SerializeToString())
        while True:
            _, answer = await self._receive()
            if answer.WhichOneof("type") == "backend_operation_response":
                break
        url = answer.backend_operation_response.deferred_file.url
        if not url:
            return None
        async with httpx.AsyncClient(base_url=self.base, cookies=self.cookies, timeout=PATIENCE_SECONDS) as web:
            found = await web.get(url)
            return found.content if found.status_code == 200 else None

    async def _until_finished(self) -> Run:
        run = Run()
        while True:
            raw, message = await self._receive()
            run.raw.append(raw)
            run.messages.append(message)
            if message.WhichOneof("type") == "new_session":
                self.session_id = message.new_session.initialize.session_id
            ended = message.WhichOneof("type") == "script_finished"
            if ended and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return run

    async def _receive(self) -> tuple[bytes, ForwardMsg]:
        raw = await asyncio.wait_for(self._socket.recv(), PATIENCE_SECONDS)
        message = ForwardMsg()
        message.ParseFromString(raw)
        return raw, message


async def sign_in(base: str, login: str, password: str) -> dict[str, str]:
    """The cookies after signing in with a local account; none where the sign-in was refused."""
    async with httpx.AsyncClient(base_url=base, timeout=PATIENCE_SECONDS) as web:
        await web.post("/sign-in", data={"login": login, "password": password}, headers={"origin": base})
        return dict(web.cookies)
