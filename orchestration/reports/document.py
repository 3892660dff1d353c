"""Puts the parts of a bulletin together and sets them as PDF: offline, fonts embedded, the same bytes each time."""

import json
from datetime import UTC
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

from orchestration.errors import GuatuError
from orchestration.reports import wording
from orchestration.reports.blocks import Block, Column, Table
from orchestration.reports.checkpoints import checkpoints
from orchestration.reports.consequences import consequences
from orchestration.reports.facts import Facts
from orchestration.reports.overview import overview
from orchestration.reports.quality import quality
from orchestration.reports.standing import standing

TEMPLATE = Path(__file__).with_name("bulletin.typ")
FONT_PACKAGE = "pylopdf_fonts_zh_cn"


def bulletin_pdf(facts: Facts) -> bytes:
    """The bulletin as PDF, stamped with the edition's as-of time, so that equal facts give equal bytes."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_font_folder()])
    stamped = facts.head.as_of.replace(tzinfo=UTC)
    data = json.dumps(bulletin_data(facts), ensure_ascii=False)
    result = typst.compile(
        TEMPLATE,
        font_paths=fonts,
        sys_inputs={"data": data},
        format="pdf",
        timestamp=int(stamped.timestamp()),
    )
    assert isinstance(result, bytes)
    return result


def bulletin_data(facts: Facts) -> dict[str, Any]:
    """All words of the bulletin, in the shape the template sets."""
    geography, division = facts.geography, facts.division_code
    sections = [part(facts) for part in (overview, standing, checkpoints, consequences, quality)]
    annex = _clauses(facts)
    year, month = facts.period.split("-")
    own = division == facts.scheme.division_code
    issuer = (facts.scheme.issuer if own else None) or geography.full_name(division)
    return {
        "edition_id": facts.head.edition_id,
        "period": facts.period,
        "banner": f"{geography.name(division)}挂图作战月度通报",
        "issue": f"{year}年第{int(month)}期",
        "issuer": issuer,
        "date": wording.day(facts.head.as_of.date()),
        "title": f"关于{wording.month(facts.period)}考核情况的通报",
        "addressees": f"{_addressees(facts)}：",
        "opening": f"根据《{facts.scheme.title}》，现将{wording.month(facts.period)}考核情况通报如下。",
        "sections": [section.data(position) for position, section in enumerate(sections, start=1)],
        "signature": f"{issuer}（盖章）",
        "attachments": ["条款依据", "考核情况附表（电子表格）"] if annex else ["考核情况附表（电子表格）"],
        "annex_heading": "附件1",
        "annex": [block.data() for block in annex],
        "footer": f"数据版本 {facts.head.edition_id} · 数据截至 {wording.moment(facts.head.as_of)}",
    }


def _addressees(facts: Facts) -> str:
    children = facts.geography.children(facts.division_code)
    levels = list(dict.fromkeys(level for code in children if (level := facts.geography.level(code))))
    titles = [f"各{wording.LEVEL_TITLES[level]}" for level in levels if level in wording.LEVEL_TITLES]
    return "、".join([*titles, "各有关单位"])


def _clauses(facts: Facts) -> list[Block]:
    """Every clause this bulletin rests on, with the words of the document."""
    cited = {
        row["clause_id"] for row in (*facts.actions, *facts.milestones, *facts.targets) if row["clause_id"]
    }
    rows = [
        [clause_id, clause["title"] or wording.DASH, clause["quote"] or wording.DASH]
        for clause_id, clause in facts.clauses.items()
        if clause_id in cited
    ]
    if not rows:
        return []
    columns = [Column("条款", 1.4), Column("事项", 2.2, "left"), Column("原文", 5, "left")]
    return [Table(f"条款依据（《{facts.scheme.title}》）", columns, rows, "原文逐字摘自该文件。")]


def _font_folder() -> Path:
    spec = find_spec(FONT_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise GuatuError(
            "fonts_missing",
            "没有安装中文字体包，无法生成通报；请按依赖清单重新安装",
            "the Chinese font package is not installed; reinstall the dependencies",
        )
    return Path(spec.submodule_search_locations[0])
