"""The query page's text field: colours, completion of tables, columns and functions, Ctrl+Enter to run.

A component of this project's own, in the page itself: the editors on PyPI come in a frame, which the headers of the
web application refuse, and have had no release for two years.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import streamlit as st

ASSETS = Path(__file__).parents[1] / "assets"
TEXT, REVISION = "sql_text", "sql_revision"
"""The text as last known, and how often it was put there from outside the field."""
_HTML = """<div data-editor>
<div class="editor"><pre aria-hidden="true"></pre>
<textarea aria-label="查询语句" role="combobox" aria-autocomplete="list" aria-expanded="false" spellcheck="false"
 autocapitalize="off" autocomplete="off" placeholder="select … from …"></textarea></div>
<ul class="menu" role="listbox" aria-label="可补全的名称"></ul>
<p class="hint">输入表名、列名(中英文均可)时自动提示:↑↓ 选择,Tab 或回车填入,Esc 关闭;Ctrl+回车 运行。</p></div>"""


class Word(NamedTuple):
    """Something to complete: the name inserted, what it means, and its kind (表, 列, 函数)."""

    name: str
    note: str
    kind: str


def put(text: str) -> None:
    """Puts a text into the field: a saved query, an example."""
    st.session_state[TEXT] = text
    st.session_state[REVISION] = st.session_state.get(REVISION, 0) + 1


def edit(words: Sequence[Word]) -> tuple[str, bool]:
    """(the text, whether Ctrl+Enter was pressed)."""
    component = st.components.v2.component(
        "guatu_sql_editor",
        html=_HTML,
        css=(ASSETS / "sql_editor.css").read_text(encoding="utf-8"),
        js=(ASSETS / "sql_editor.js").read_text(encoding="utf-8"),
    )
    data = {
        "text": st.session_state.setdefault(TEXT, ""),
        "revision": st.session_state.setdefault(REVISION, 0),
        "words": [list(word) for word in words],
    }

    def changed() -> None:
        st.session_state[TEXT] = st.session_state["sql_editor"].get("text") or ""

    result = component(key="sql_editor", data=data, on_text_change=changed, on_run_change=lambda: None)
    return st.session_state[TEXT], bool(result.get("run"))
