"""The data dictionary (数据字典): ``docs/dictionary.zh-CN.md``, written from the catalogue and the marts.

Run with ``python -m orchestration.catalogue.dictionary``. Nothing is worded here that the catalogue says itself.
"""

from collections.abc import Iterator, Mapping, Sequence

from orchestration.catalogue.dictionary_schemes import LEVELS, scheme_chapter
from orchestration.catalogue.indicators import load_indicators, load_reference
from orchestration.catalogue.markdown import number, table
from orchestration.catalogue.marts import load_marts
from orchestration.catalogue.template_versions import FIRST, Codes, Form, load_forms
from orchestration.catalogue.templates import Field, Template, load_codes, load_templates
from orchestration.settings import PROJECT_ROOT, Settings, get_settings

TARGET = PROJECT_ROOT / "docs" / "dictionary.zh-CN.md"

TYPES = {
    "string": "文本", "division": "区划代码", "id_number": "证件号码", "enum": "代码表", "integer": "整数",
    "year": "年度", "money": "金额(元)", "decimal": "数值", "percent": "百分数", "boolean": "是/否", "date": "日期",
}  # fmt: skip
KINDS = {"snapshot": "月度快照", "journal": "流水"}
REACH = {"period": "只说明本期", "newest": "沿用至下一次报送", "year": "同一年度内沿用"}
COVER = {
    "period": "本期有报送的村算已报", "newest": "有过报送的村算已报", "year": "当年有过报送的村算已报",
    "since_first": "首次报送之后各月都算已报,无文件的月份即无事项", "own_row": "有本村一行的村算已报",
}  # fmt: skip
BETTER = {"higher": "越高越好", "lower": "越低越好", "none": "不论高低"}
GRAINS = {"village": "村", "division": "所在区划", "county": "县", "inspection": "考核轮次"}
NEED_SUFFIXES = {"year_ago": "上年同月"}

HEAD = """# 数据字典

本文件由程序从 `seeds/` 和计算模型生成,请勿手改;改了目录之后运行 `make docs`。

约定:“期末”是期别那个月的最后一天,“当年”是期别所在年度;“截至期末”含期末当天。比率在库内存 0–1,页面上乘以 100。
金额单位为元。空值表示未知,不等于 0;未知的既不进分子也不进分母。
"""


def dictionary(settings: Settings) -> str:
    """The whole file as Markdown, Chinese."""
    templates = load_templates(settings.seeds)
    parts = [
        HEAD,
        *_templates(templates, load_codes(settings.seeds), load_forms(settings.seeds)),
        *_indicators(settings, templates),
        *_reference(settings),
        *scheme_chapter(settings.seeds),
        *_marts(settings),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _templates(templates: Mapping[str, Template], codes: Codes, forms: Mapping[str, Sequence[Form]]) -> Iterator[str]:
    yield "## 报送模板\n"
    yield table(
        ["模板", "英文名", "性质", "效力", "覆盖", "字段数"],
        (
            (t.title, f"`{t.name}`", KINDS[t.kind], REACH[t.reach], COVER[t.cover], len(t.fields))
            for t in templates.values()
        ),
    )
    for template in templates.values():
        key = "、".join(template.field(name).title for name in template.key)
        yield f"### {template.title}\n\n英文名 `{template.name}`。一行的标识:{key}。\n"
        yield table(
            ["字段", "英文名", "类型", "必填", "要求"],
            ((f.title, f"`{f.name}`", TYPES[f.type], "是" if f.required else "", _demands(f)) for f in template.fields),
        )
        yield from _former(forms[template.name])
    yield "### 代码表\n\n报送时填中文,库内存英文代码。\n"
    yield table(
        ["代码表", "取值"],
        ((f"`{name}`", "、".join(f"{zh} `{en}`" for zh, en in values.items())) for name, values in codes.items()),
    )


def _former(forms: Sequence[Form]) -> Iterator[str]:
    """The forms a template had before, with what was other than today; nothing where there are none."""
    *former, today = forms
    if not former:
        return
    yield "历次表样(较早的月份按当时的表样读取,当时没有的栏目为空值):\n"
    yield table(
        ["表样", "起", "止", "与现行表样的不同", "依据"],
        (
            (f.title, None if f.since == FIRST else f.since, f.until, ";".join(_unlike(f, today)), f.source)
            for f in former
        ),
    )


def _unlike(form: Form, today: Form) -> Iterator[str]:
    pairs = zip(form.template.fields, today.template.fields, strict=True)
    parts = {
        "没有": [now.title for now in today.template.fields if now.name in form.absent],
        "原名": [f"{now.title}原为“{then.title}”" for then, now in pairs if then.title != now.title],
        "已取消": list(form.dropped),
        **{f"代码表 `{name}`": [f"{zh} `{en}`" for zh, en in labels.items()] for name, labels in form.lists.items()},
    }
    yield from (f"{what}:{'、'.join(which)}" for what, which in parts.items() if which)


def _demands(field: Field) -> str:
    """What a cell must satisfy besides its type."""
    said = [
        f"代码表 `{field.enum}`" if field.enum else None,
        f"{LEVELS[field.level]}级代码" if field.level else None,
        f"单位 {field.unit}" if field.unit else None,
        f"不小于 {number(field.minimum)}" if field.minimum is not None else None,
        f"不大于 {number(field.maximum)}" if field.maximum is not None else None,
        f"超过 {number(field.warn_above)} 提醒" if field.warn_above is not None else None,
        "晚于期末提醒" if field.event else None,
        "个人信息,不进结果表" if field.pii else None,
        field.note,
    ]
    return ";".join(part for part in said if part)


def _indicators(settings: Settings, templates: Mapping[str, Template]) -> Iterator[str]:
    yield "## 指标\n"
    yield (
        "“需要”列出计算所用的模板;村被其中每个模板覆盖,才计入该指标。没有分母的是计数或金额。"
        "“粒度”是计算的起点,由此逐级向上汇总。\n"
    )
    rows = load_indicators(settings.seeds).iter_rows(named=True)
    yield table(
        ["指标", "代码", "单位", "方向", "粒度", "分子(或数值)", "分母", "需要"],
        (
            (
                row["title"], f"`{row['indicator_code']}`", row["unit"], BETTER[row["better"]],
                GRAINS.get(row["grain"], "区划与任务"), row["numerator_zh"], row["denominator_zh"],
                "、".join(_need(need, templates) for need in (row["needs"] or "").split()),
            )
            for row in rows
        ),
    )  # fmt: skip


def _need(need: str, templates: Mapping[str, Template]) -> str:
    """``households@year_ago`` and ``villages.collective_income`` in words."""
    name, _, when = need.partition("@")
    name, _, field = name.partition(".")
    template = templates[name]
    words = template.title + (f"的“{template.field(field).title}”" if field else "")
    return words + (f"({NEED_SUFFIXES[when]})" if when else "")


def _reference(settings: Settings) -> Iterator[str]:
    titles = {"income_line": "收入线", "monitoring_line": "监测线", "incidence_ceiling": "贫困发生率上限",
              "collective_income": "村集体经济收入"}  # fmt: skip
    classes = {code: label for label, code in load_codes(settings.seeds)["village_type"].items()}
    yield "## 标准与参数\n\n标准取最近上级区划中起用年度不晚于当年的最近一行;区划为空的全国适用。\n"
    yield table(
        ["标准", "区划", "起用年度", "类别", "值", "单位", "依据"],
        (
            (titles.get(r["standard"], r["standard"]), r["division_code"], r["from_year"],
             classes.get(r["class"], r["class"]), r["value"], r["unit"], r["source"])
            for r in load_reference(settings.seeds, "standards").iter_rows(named=True)
        ),
    )  # fmt: skip
    yield table(
        ["参数", "代码", "值", "单位", "依据"],
        (
            (r["title"], f"`{r['parameter']}`", r["value"], r["unit"], r["source"])
            for r in load_reference(settings.seeds, "parameters").iter_rows(named=True)
        ),
    )


def _marts(settings: Settings) -> Iterator[str]:
    marts = load_marts(settings.dbt_project).values()
    yield (
        "## 结果表\n\n每个版本是一个 DuckDB 文件,含下列各表(架构 `marts`,架构 `main` 中有同名视图;架构 `中文` 中有"
        '中文表名、中文列名的视图,如 `中文."指标值"`)。\n'
    )
    yield table(["表", "中文表名", "一行是什么"], ((f"`{m.name}`", m.title, m.description) for m in marts))
    for mart in marts:
        yield f"### {mart.name}\n\n{mart.title}。{mart.description}\n"
        yield table(
            ["列", "中文列名", "含义", "类型"],
            ((f"`{c.name}`", c.title, c.description, c.data_type) for c in mart.columns),
        )


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(dictionary(get_settings()), encoding="utf-8")
