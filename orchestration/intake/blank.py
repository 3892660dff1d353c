"""Blank workbooks (空表): the reporting templates as a clerk fills them in, with drop-downs, limits and notes.

A workbook has the form of its month, and names that month as its 表样版本 in the first row and in its properties.
"""

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from orchestration.catalogue.template_versions import Form, form_at, load_forms
from orchestration.catalogue.templates import Field, Template, load_codes, load_templates
from orchestration.errors import GuatuError
from orchestration.intake.choosing import FORM_LABEL
from orchestration.intake.divisions import Divisions
from orchestration.intake.ledger import read_ledger
from orchestration.intake.standing_rows import standing_rows, write_standing_rows
from orchestration.settings import Settings, now

ROWS = 5000
"""Rows below the header that carry drop-downs and limits; rows below them may be filled in all the same."""
CREATED = datetime(2018, 7, 7)
HEADER_ROW = 1
LEVELS = {"province": "省", "prefecture": "市", "county": "县", "township": "乡", "village": "村"}
TYPE_NAMES = {
    "string": "文本", "division": "12 位区划代码", "id_number": "证件号码(文本)", "enum": "从下拉列表中选",
    "integer": "整数",
    "year": "年份(四位)", "money": "金额(元,两位小数)", "decimal": "数值", "percent": "百分比", "boolean": "是/否",
    "date": "日期(如 2022-06-03)",
}  # fmt: skip
TEXT_TYPES = ("string", "division", "id_number", "enum", "boolean")
PREFILLED = ("villages",)
"""Templates with exactly one row a village."""


def write_blank_workbooks(
    settings: Settings,
    out_dir: Path,
    scope: str | None = None,
    templates: Sequence[str] | None = None,
    period: str | None = None,
    divisions: pl.DataFrame | None = None,
    prefill: bool = False,
) -> list[Path]:
    """Writes one blank workbook a template into ``out_dir`` and returns their paths.

    scope      division code, 12 digits or its significant ones; its villages come with the workbook
    templates  English names or Chinese titles; all where None
    period     YYYY-MM, whose form is used; the month now due where None
    divisions  columns division_code, name, level, parent_code; those taken in so far where None
    prefill    with what the month before already said and what stands from month to month; needs a scope

    Raises ``GuatuError`` for an unknown template or scope, or a period that is none.
    """
    if prefill and not scope:
        raise GuatuError(
            "scope_wanted",
            "预填上月内容请用 --scope 写明区划代码。",
            "prefilling needs --scope",
            exit_code=2,
        )
    chosen = _choose(load_templates(settings.seeds), templates)
    forms = load_forms(settings.seeds)
    period = _month(period or f"{now() - timedelta(days=settings.due_day):%Y-%m}")
    code = scope.strip().ljust(12, "0") if scope else None
    inside = _inside(settings, code, period, divisions) if code else None
    out_dir.mkdir(parents=True, exist_ok=True)
    return [_write(settings, out_dir, form_at(forms[t.name], period), code, inside, period, prefill) for t in chosen]


def _month(period: str) -> str:
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", period):
        raise GuatuError(
            "bad_period", f"期别“{period}”应为 YYYY-MM,如 2022-06", f"period {period!r}: expected YYYY-MM", exit_code=2
        )
    return period


def _choose(known: Mapping[str, Template], wanted: Sequence[str] | None) -> list[Template]:
    if not wanted:
        return list(known.values())
    by_name = {**known, **{template.title: template for template in known.values()}}
    for name in wanted:
        if name not in by_name:
            raise GuatuError(
                "unknown_template",
                f"没有报送模板「{name}」,可用的有:{'、'.join(t.title for t in known.values())}",
                f"no template {name!r}; known: {', '.join(known)}",
            )
    return [by_name[name] for name in wanted]


def _inside(settings: Settings, code: str, period: str, divisions: pl.DataFrame | None) -> pl.DataFrame:
    """The scope itself and every division below it, in the order of their codes."""
    if divisions is None:
        divisions = Divisions(settings).tree(read_ledger(settings), period, _last_day(period)).divisions
    inside, found = [code], [code]
    while found:
        found = divisions.filter(pl.col("parent_code").is_in(found))["division_code"].to_list()
        inside += found
    rows = divisions.filter(pl.col("division_code").is_in(inside)).sort("division_code")
    if code not in rows["division_code"]:
        raise GuatuError(
            "unknown_scope",
            f"区划代码 {code} 不在 {period} 的行政区划表中,请先报送行政区划表或核对代码",
            f"division {code} is not known in {period}: hand in its divisions first, or check the code",
        )
    return rows


def _last_day(period: str) -> date:
    year, month = int(period[:4]), int(period[5:])
    return date(year, month, monthrange(year, month)[1])


def _write(
    settings: Settings,
    out_dir: Path,
    form: Form,
    code: str | None,
    inside: pl.DataFrame | None,
    period: str,
    prefill: bool,
) -> Path:
    template, codes = form.printed(), {**load_codes(settings.seeds), **form.lists}
    name = f"{template.title}_{code}_{period}.xlsx" if code else f"{template.title}.xlsx"
    path = out_dir / name
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": template.title, "created": CREATED})
    book.set_custom_property(FORM_LABEL, period)
    page, notes, lists = (book.add_worksheet(title) for title in (template.title, "说明", "代码表"))
    lists.hide()
    sources = _write_lists(lists, template, codes)
    if inside is not None:
        sources["division"] = _write_divisions(book, inside)
    place = "" if inside is None else inside.filter(pl.col("division_code") == code)["name"][0]
    _write_page(book, page, template, f"{place}{template.title}({period})" if code else template.title, sources, period)
    page.write_string(0, min(5, len(template.fields)), f"{FORM_LABEL}:{period}")
    if inside is not None and template.name in PREFILLED:
        _prefill(page, template, inside, period)
    if inside is not None and prefill:
        rows = standing_rows(settings, template, str(code), period)
        if template.name in PREFILLED:  # every village, whether it reported or not
            villages = inside.filter(pl.col("level") == "village")
            codes_asked = villages.select(pl.col("division_code").alias(template.division))
            rows = codes_asked.join(rows, on=template.division, how="left", maintain_order="left")
        write_standing_rows(page, template, codes, rows, HEADER_ROW + 1, period)
    _write_notes(book, notes, template, codes, settings.due_day, form)
    book.close()
    return path


def _write_lists(lists: Any, template: Template, codes: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Value lists side by side on the hidden sheet; returns list name -> reference of its cells."""
    sources = {}
    wanted = {"boolean": ["是", "否"], **{f.enum: list(codes[f.enum]) for f in template.fields if f.enum}}
    for column, (name, values) in enumerate(wanted.items()):
        lists.write_string(0, column, name)
        for row, value in enumerate(values, start=1):
            lists.write_string(row, column, value)
        letter = xl_col_to_name(column)
        sources[name] = f"=代码表!${letter}$2:${letter}${len(values) + 1}"
    return sources


def _write_divisions(book: Any, inside: pl.DataFrame) -> str:
    """The sheet 区划, villages last; returns the reference of all its codes (villages: see ``_division_source``)."""
    page = book.add_worksheet("区划")
    bold = book.add_format({"bold": True})
    for column, title in enumerate(("代码", "名称", "级别", "上级代码")):
        page.write_string(0, column, title, bold)
    ordered = pl.concat([inside.filter(pl.col("level") != "village"), inside.filter(pl.col("level") == "village")])
    for row, (code, name, level, parent) in enumerate(
        ordered.select("division_code", "name", "level", "parent_code").iter_rows(), start=1
    ):
        for column, value in enumerate((code, name, LEVELS.get(level, level), parent or "")):
            page.write_string(row, column, value)
    page.set_column(0, 3, 16)
    page.freeze_panes(1, 0)
    above = ordered.height - ordered.filter(pl.col("level") == "village").height
    return f"{above + 2}:{ordered.height + 1}"


def _division_source(field: Field, rows: str) -> str:
    """Cells of 区划 that a division column may hold: villages only, or every division of the scope."""
    first, last = rows.split(":")
    return f"=区划!$A${first if field.level == 'village' else '2'}:$A${last}"


def _write_page(book: Any, page: Any, template: Template, title: str, sources: Mapping[str, str], period: str) -> None:
    page.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    style = {"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"}
    required = book.add_format({**style, "bg_color": "#F8CBAD"})
    optional = book.add_format({**style, "bg_color": "#DDEBF7"})
    formats = {
        "text": book.add_format({"num_format": "@"}), "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "money": book.add_format({"num_format": "0.00"}), "percent": book.add_format({"num_format": "0.00%"}),
    }  # fmt: skip
    page.write_string(HEADER_ROW, 0, "期别", optional)
    page.set_column(0, 0, 10, formats["text"])
    page.data_validation(
        HEADER_ROW + 1, 0, HEADER_ROW + ROWS, 0,
        {"validate": "list", "source": [period], "error_type": "warning", "input_title": "期别",
         "input_message": "年-月,如 2022-06;可留空,以文件名为准"},
    )  # fmt: skip
    for column, field in enumerate(template.fields, start=1):
        page.write_string(HEADER_ROW, column, _header(field), required if field.required else optional)
        kind = "text" if field.type in TEXT_TYPES else field.type
        page.set_column(column, column, _width(field), formats.get(kind))
        page.data_validation(HEADER_ROW + 1, column, HEADER_ROW + ROWS, column, _rule(field, sources))
    page.set_row(HEADER_ROW, 32)
    page.freeze_panes(HEADER_ROW + 1, 2)


def _header(field: Field) -> str:
    """The title, with the unit in brackets where there is one."""
    unit = "元" if field.type == "money" else field.unit
    return f"{field.title}({unit})" if unit else field.title


def _width(field: Field) -> int:
    return {"division": 16, "id_number": 22, "date": 13}.get(field.type, max(10, 2 * len(_header(field)) + 2))


def _rule(field: Field, sources: Mapping[str, str]) -> dict[str, Any]:
    """The column's data validation: what Excel and WPS let through, and the hint they show."""
    rule: dict[str, Any] = {
        "ignore_blank": True, "input_title": field.title[:30], "input_message": _hint(field)[:250],
        "error_title": field.title[:30], "error_message": f"{_hint(field)[:200]}。请改正后再填。",
    }  # fmt: skip
    low, high = field.minimum, field.maximum
    if field.type in ("enum", "boolean"):
        return rule | {"validate": "list", "source": sources[field.enum or "boolean"]}
    if field.type == "division" and "division" in sources and field.name in ("village_code", "division_code"):
        return rule | {"validate": "list", "source": _division_source(field, sources["division"])}
    if field.type == "date":
        return rule | _between("date", date(1900, 1, 1), date(2100, 12, 31))
    if field.type == "year":
        return rule | _between("integer", 1980, 2100)
    if field.type == "id_number":
        return rule | _between("length", 15, 18)
    if field.type == "division":
        return rule | {"validate": "length", "criteria": "==", "value": 12}
    if field.type in ("integer", "money", "decimal", "percent") and (low is not None or high is not None):
        kind = "integer" if field.type == "integer" else "decimal"
        if low is not None and high is not None:
            return rule | _between(kind, float(low), float(high))
        return rule | {
            "validate": kind,
            "criteria": ">=" if high is None else "<=",
            "value": float(low if high is None else high),
        }
    return rule | {"validate": "any"}


def _between(kind: str, low: Any, high: Any) -> dict[str, Any]:
    return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}


def _hint(field: Field) -> str:
    """One line on what belongs into the column."""
    parts = ["必填" if field.required else "选填,不掌握的留空(留空不等于 0 或否)", TYPE_NAMES[field.type]]
    if field.minimum is not None:
        parts.append(f"不小于 {_limit(field, field.minimum)}")
    if field.maximum is not None:
        parts.append(f"不大于 {_limit(field, field.maximum)}")
    return ";".join(parts)


def _limit(field: Field, value: Any) -> str:
    return f"{value * 100:f}%" if field.type == "percent" else f"{value:f}"


def _prefill(page: Any, template: Template, inside: pl.DataFrame, period: str) -> None:
    """期别 and the code of every village; the village's name as a comment, for an extra column would be ignored."""
    column = 1 + [field.name for field in template.fields].index(template.division)
    villages = inside.filter(pl.col("level") == "village").select("division_code", "name")
    for row, (code, name) in enumerate(villages.iter_rows(), start=HEADER_ROW + 1):
        page.write_string(row, 0, period)
        page.write_string(row, column, code)
        page.write_comment(row, column, name, {"author": "挂图", "x_scale": 1, "y_scale": 0.4})


def _write_notes(
    book: Any, notes: Any, template: Template, codes: Mapping[str, Mapping[str, str]], due_day: int, form: Form
) -> None:
    """The sheet 说明: how to hand in, then one row a field."""
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "border": 1, "bg_color": "#DDEBF7"})
    kind = "每月末全部情况,后报的替换先报的" if template.kind == "snapshot" else "当月发生的事项,逐月累计"
    nil = "当月没有数据的,保留表头、不填数据行,按原文件名报送即为零报告。"
    lines = [
        f"{template.title}:{kind}。橙色表头为必填列,蓝色为选填列。",
        f"文件名:模板名称_区划代码_年月.xlsx,如 农户台账_411726000000_2022-06.xlsx。每月 {due_day} 日前报送上月数据。",
        nil if template.nil_return else "本表不接受零报告,至少填一行。",
        f"同一文件内不得重复:{'、'.join(template.field(name).title for name in template.key)}。",
    ]
    if form.title:
        lines.append(f"本表为{form.title},只用于 {form.until} 及以前的月份;以后的月份请用当月的表样。")
    for row, line in enumerate(lines):
        notes.write_string(row, 0, line)
    top = len(lines) + 1
    for column, title in enumerate(("列名", "是否必填", "填写类型", "计量单位", "可选值或范围", "备注")):
        notes.write_string(top, column, title, bold)
    for row, field in enumerate(template.fields, start=top + 1):
        values = "、".join(codes[field.enum]) if field.enum else _range(field)
        unit = "元" if field.type == "money" else field.unit or ""
        need = "必填" if field.required else "选填"
        cells = (field.title, need, TYPE_NAMES[field.type], unit, values, _note(field))
        for column, value in enumerate(cells):
            notes.write_string(row, column, value, wrap)
    for column, width in enumerate((20, 10, 24, 10, 60, 40)):
        notes.set_column(column, column, width)


def _range(field: Field) -> str:
    if field.type == "boolean":
        return "是、否"
    limits = [
        f"不小于 {_limit(field, field.minimum)}" if field.minimum is not None else "",
        f"不大于 {_limit(field, field.maximum)}" if field.maximum is not None else "",
    ]
    return ",".join(limit for limit in limits if limit)


def _note(field: Field) -> str:
    """The field's remark, and whether it is personal."""
    personal = "个人信息,只用于核对,不对外展示" if field.pii else ""
    return ";".join(part for part in (field.note or "", personal) if part)
