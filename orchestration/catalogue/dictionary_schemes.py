"""The data dictionary's chapter on assessment schemes (考核办法), Chinese Markdown."""

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from decimal import Decimal
from pathlib import Path

from orchestration.catalogue.elements import Action, Consequence, Figure, Ranking, Target
from orchestration.catalogue.indicators import load_indicators, load_reference
from orchestration.catalogue.markdown import number, table
from orchestration.catalogue.schemes import Scheme, load_schemes
from orchestration.catalogue.templates import load_codes, load_templates

LEVELS = {"province": "省", "prefecture": "市", "county": "县", "township": "乡镇", "village": "村"}
UNITS = {**{code: f"{title}级单位" for code, title in LEVELS.items()}, "support_unit": "包扶单位"}
OPERATORS = {"<": "低于", "<=": "不高于", ">": "高于", ">=": "不低于"}
EVERY = {
    "day": "每日", "week": "每周", "half_month": "每半月", "two_weeks": "每两周", "month": "每月",
    "two_months": "每两月", "quarter": "每季度", "term": "每学期", "year": "每年", "once": "一次",
}  # fmt: skip
FIGURE_PARTS = {"value": "", "numerator": "(分子)", "denominator": "(分母)"}
FIGURE_STATES = {"value": "", "approximate": "约数", "redacted": "原文缺失"}
ELEMENTS = {
    "stage": "阶段", "milestone": "节点", "target": "目标", "ranking": "排名", "support": "包村单位指标",
    "grade": "等次", "veto": "一票否决", "task": "任务", "list": "清单", "cadence": "定期事项", "figure": "公布的数字",
    "checklist": "事项表", "finding": "核对", "indicator": "指标", "template": "模板", "standard": "标准",
    "parameter": "参数", "action": "奖惩", "term": "术语",
}  # fmt: skip


def scheme_chapter(seeds: Path) -> Iterator[str]:
    """One section a scheme: its head, its elements by kind, and every clause with what carries it."""
    templates = load_templates(seeds)
    indicators = load_indicators(seeds)
    rates = frozenset(indicators.filter(indicators["unit"] == "%")["indicator_code"])
    words = {
        **dict(indicators.select("indicator_code", "title").iter_rows()),
        **dict(load_reference(seeds, "objects").select("object", "title").iter_rows()),
        **dict(load_reference(seeds, "consequences").select("kind", "title").iter_rows()),
        **{code: label for label, code in load_codes(seeds)["village_type"].items()},
    }
    yield "## 考核办法\n"
    for scheme in load_schemes(seeds).values():
        yield f"### {scheme.title}\n"
        yield _head(scheme)
        if scheme.requires:
            yield f"要求报送:{'、'.join(templates[name].title for name in scheme.requires)}。\n"
        yield from _measured(scheme, words, rates)
        yield from _ranked(scheme, words)
        yield from _listed(scheme, words)
        yield "条款:\n"
        yield table(
            ["条款", "标题", "原文", "由何承载"],
            ((c.id, c.title, c.quote, carrier(c.element, c.not_computable)) for c in scheme.clauses),
        )


def _head(scheme: Scheme) -> str:
    document = f",{scheme.document_no}" if scheme.document_no else ""
    where = scheme.division or "未定"
    notes = "".join(f"{note}。" for note in (scheme.division_note, scheme.dates_note) if note)
    return (
        f"代码 `{scheme.scheme}`,{scheme.issuer}{document}。适用区划 {where},{scheme.valid_from} 至 {scheme.valid_to}。"
        f"{notes}原文文件 `{scheme.source}`。\n"
    ).replace("。。", "。")


def carrier(element: str | None, not_computable: str | None) -> str:
    """``milestone x@06-30, target y`` with the kinds in Chinese, or why nothing is computed."""
    if element is None:
        return f"不计算:{not_computable or '待定'}"
    return re.sub(r"(^|, ?|; ?)([a-z]+)(?= )", lambda m: m[1] + ELEMENTS.get(m[2], m[2]), element)


def _measured(scheme: Scheme, words: Mapping[str, str], rates: Set[str]) -> Iterator[str]:
    """What is held against a value or a date: stages, milestones, targets, tasks. ``rates``: indicators shown in %."""
    if scheme.stages:
        yield "阶段:\n"
        yield table(["阶段", "起", "止", "条款"], ((s.title, s.start, s.end, s.clause) for s in scheme.stages))
    if scheme.milestones:
        yield "节点:\n"
        yield table(
            ["节点", "指标", "考核日", "级别", "要求", "条款"],
            (
                (m.title, words[m.indicator], m.checkpoint, _levels(m.levels),
                 _required(m.operator, m.threshold, m.indicator in rates) + _or_above(m.above_average_of), m.clause)
                for m in scheme.milestones
            ),
        )  # fmt: skip
    if scheme.targets:
        yield "目标:\n"
        yield table(
            ["目标", "指标", "级别", "力度", "要求", "未达标的后果", "条款"],
            (
                (t.title, words[t.indicator], _units(t, words), t.strength,
                 _bands(t, t.indicator in rates),
                 ";".join(_outcome(c, words) for missed in t.missed for c in missed.consequences), t.clause)
                for t in scheme.targets
            ),
        )  # fmt: skip
    if scheme.tasks:
        yield "年度任务:\n"
        yield table(
            ["任务", "代码", "数量", "单位", "时限", "条款"],
            ((t.title, f"`{t.code}`", number(t.quantity), t.unit, t.due, t.clause) for t in scheme.tasks),
        )


def _ranked(scheme: Scheme, words: Mapping[str, str]) -> Iterator[str]:
    """Who is ranked and graded, and what follows."""
    for ranking in scheme.rankings:
        yield (
            f"排名“{ranking.title}”(`{ranking.code}`,条款 {ranking.clause}):{UNITS[ranking.unit_level]},"
            f"范围 {ranking.population},按{_score(ranking, words)},保留 {ranking.decimals} 位小数。\n"
        )
        if ranking.actions:
            yield table(
                ["触发", "对象与措施", "条款"],
                ((_trigger(a), _outcome(c, words), a.clause) for a in ranking.actions for c in a.consequences),
            )
    if scheme.support_unit_indicators:
        yield "包村单位按所包村合计排名的指标:\n"
        yield table(
            ["名称", "指标", "条款"],
            ((s.title, words[s.indicator], s.clause) for s in scheme.support_unit_indicators),
        )
    if scheme.grades:
        yield "等次:\n"
        yield table(
            ["等次", "对象", "最低得分", "后果", "条款"],
            (
                (g.title, g.objects, number(g.cut), ";".join(_outcome(c, words) for c in g.consequences), g.clause)
                for g in scheme.grades
            ),
        )
    if scheme.vetoes:
        yield "一票否决:\n"
        yield table(
            ["事项", "情形", "后果", "条款"],
            (
                (v.title, v.condition, ";".join(_outcome(c, words) for c in v.consequences), v.clause)
                for v in scheme.vetoes
            ),
        )


def _listed(scheme: Scheme, words: Mapping[str, str]) -> Iterator[str]:
    """Lists, recurring duties, published figures, checklists, and what the document contradicts itself in."""
    if scheme.lists:
        yield "清单:\n"
        yield table(["清单", "代码", "条款"], ((x.title, f"`{x.code}`", x.clause) for x in scheme.lists))
    if scheme.cadences:
        yield "定期事项:\n"
        yield table(
            ["事项", "报送方", "接收方", "频次", "时限", "条款"],
            (
                (c.title, c.sender, "、".join(c.recipients), EVERY[c.every] + (f" {c.times} 次" if c.times > 1 else ""),
                 c.when, c.clause)
                for c in scheme.cadences
            ),
        )  # fmt: skip
    if scheme.figures:
        yield "公布的数字:\n"
        yield table(
            ["数字", "值", "单位", "说明", "可核对的指标", "条款"],
            (
                (f.title, number(f.value), f.unit, _exactness(f), _held_against(f, words), f.clause)
                for f in scheme.figures
            ),
        )
    if scheme.checklists:
        yield "事项表:\n"
        yield table(["事项表", "各项", "条款"], ((x.title, "、".join(x.items), x.clause) for x in scheme.checklists))
    if scheme.contradictions:
        yield "原文自相矛盾之处:\n"
        yield table(["矛盾", "原文", "取舍"], ((x.title, " / ".join(x.quotes), x.note) for x in scheme.contradictions))


def _exactness(figure: Figure) -> str:
    """约数(±500)."""
    tolerance = f"(±{number(figure.tolerance)})" if figure.tolerance is not None else ""
    return FIGURE_STATES[figure.state] + tolerance


def _held_against(figure: Figure, words: Mapping[str, str]) -> str | None:
    """十项指标达标村比例(分子)."""
    title = words.get(figure.indicator or "")
    return title and title + FIGURE_PARTS[figure.part]


def _levels(levels: Iterable[str]) -> str:
    return "、".join(LEVELS[level] for level in levels)


def _units(target: Target, words: Mapping[str, str]) -> str:
    """村(贫困村)."""
    classes = "、".join(words[village_type] for village_type in target.village_types)
    return _levels(target.levels) + (f"({classes})" if classes else "")


def _required(operator: str, value: Decimal, is_rate: bool) -> str:
    return f"{OPERATORS[operator]} {f'{number(value * 100)}%' if is_rate else number(value)}"


def _or_above(level: str | None) -> str:
    return f",或高于{LEVELS[level]}平均" if level else ""


def _bands(target: Target, is_rate: bool) -> str:
    bands = {"底线": target.floor, "目标": target.target, "争取": target.stretch}
    return ";".join(f"{name}{_required(band.operator, band.value, is_rate)}" for name, band in bands.items() if band)


def _score(ranking: Ranking, words: Mapping[str, str]) -> str:
    if ranking.items:
        return "、".join(f"{words[item.indicator]}({number(item.weight)} 分)" for item in ranking.items)
    return words[ranking.indicator] if ranking.indicator else f" {ranking.round} 轮次综合得分"


def _trigger(action: Action) -> str:
    if action.trigger == "lagging":
        return f"连续 {action.periods} 期滞后且位居后 {action.n} 名"
    return f"前 {action.n} 名" if action.trigger == "top" else f"后 {action.n} 名"


def _outcome(consequence: Consequence, words: Mapping[str, str]) -> str:
    """村级经费奖励 30000 元(条件)."""
    upper = f"—{number(consequence.amount_to)}" if consequence.amount_to is not None else ""
    amount = f" {number(consequence.amount)}{upper} 元" if consequence.amount is not None else ""
    condition = f"({consequence.condition})" if consequence.condition else ""
    return f"{words[consequence.object]}:{words[consequence.kind]}{amount}{condition}"
