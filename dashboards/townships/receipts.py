"""Receipts on the pages: what became of a submission, and its annotated workbook for those whose submission it is."""

import json
from html import escape
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from dashboards.parts.export import EXCEL
from dashboards.parts.tables import Column, table
from dashboards.web import session
from dashboards.words import common as words
from orchestration.access.roles import Grant
from orchestration.records.review_steps import code_prefix
from orchestration.settings import get_settings

PROBLEMS = [
    Column("row_number", "行", "count"),
    Column("title", "列"),
    Column("severity", "程度", "badge", badges=words.SEVERITIES),
    Column("message", "问题"),
    Column("value", "填报值"),
]
NEXT = {
    "accepted": "已入库,数字在下一版本中显示。",
    "partial": "已收的行在下一版本中显示;退回的行请在批注表中改正后,把整份表重新报送(后报的替换先报的)。",
    "refused": "没有入库。请按原因改正后,用同样的文件名重新报送。",
    "duplicate": "与已收的完全相同,不用再报。",
}


def in_scope(held: Grant, code: str | None) -> bool:
    """Whether a division lies inside what the person answers for."""
    if code is None:
        return held.everywhere
    return held.everywhere or any(code.startswith(code_prefix(own)) for own in held.divisions)


def read_receipt(submission_id: int) -> dict[str, Any] | None:
    """The receipt's record; None where it is not kept."""
    try:
        return json.loads((get_settings().receipts / f"{submission_id}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def annotated(record: dict[str, Any], held: Grant) -> Path | None:
    """The annotated workbook, where there is one and the person hands in for its division; it shows persons."""
    name = record.get("annotated_workbook")
    if not name or not held.may_have_originals or not in_scope(held, record.get("scope_code")):
        return None
    path = get_settings().receipts / Path(name).name
    return path if path.is_file() else None


def workbook_button(record: dict[str, Any], held: Grant, key: str) -> None:
    """The annotated workbook to download, recorded as it is taken; nothing where there is none for this person."""
    path = annotated(record, held)
    if path is None or not held.may("export"):
        return
    st.download_button(
        f"下载批注表(第 {record['submission_id']} 号)",
        data=session.take_away(path.read_bytes, object=f"批注表 {record['submission_id']}", rows=record["rows_read"]),
        file_name=path.name,
        mime=EXCEL,
        key=key,
        on_click="ignore",
        icon=":material/download:",
    )


def show_receipt(record: dict[str, Any], held: Grant, key: str) -> None:
    """Outcome, counts, reason, problems by row, the workbook, and what to do next."""
    badge = words.OUTCOMES[record["outcome"]]
    sums = (
        f"读取 <b>{record['rows_read']}</b> 行,接收 <b>{record['rows_accepted']}</b> 行,"
        f"退回 <b>{record['rows_rejected']}</b> 行,提醒 <b>{record['rows_warned']}</b> 行"
    )
    lines = [
        f'<span class="g-badge g-{badge.tone}">{badge.symbol} {badge.label}</span> 第 {record["submission_id"]} 号 · '
        f"{escape(record['file_name'])}",
        sums,
        escape(f"原因:{record['reason']}") if record["reason"] else "",
        escape(record.get("remark") or ""),
        f"下一步:{NEXT[record['outcome']]}",
    ]
    st.html(f'<div class="g-clause">{"<br>".join(line for line in lines if line)}</div>')
    if record["problems"]:
        frame = pl.DataFrame(record["problems"], infer_schema_length=None)
        st.html(table(frame, PROBLEMS, ""))
        if record["problem_count"] > frame.height:
            st.html(f'<p class="g-note">共 {record["problem_count"]} 处,此处列前 {frame.height} 处,批注表含全部。</p>')
    workbook_button(record, held, key)
