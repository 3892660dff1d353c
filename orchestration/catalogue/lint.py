"""The linter of assessment schemes: what a scheme file must not contain, and what deserves a second look.

Each rule is a small function from a scheme (and what it stands among) to findings; an ``error`` refuses the scheme, a
``warning`` is for a person to judge. Quotes are checked only where the documents are at hand.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import ValidationError

from orchestration.catalogue.elements import Band, Clause, Operator
from orchestration.catalogue.indicators import load_indicators, load_reference
from orchestration.catalogue.schemes import (
    Scheme,
    badly_weighted,
    doubled_codes,
    overlaps,
    same_document,
    uncountable_items,
    unknown_terms,
    unlisted_clauses,
    unrankable_indicators,
)
from orchestration.catalogue.templates import load_templates
from orchestration.yaml_text import read_yaml

LEVEL_DIGITS = {2: "0000000000", 4: "00000000", 6: "000000", 9: "000"}
OTHER_WORDS = {"action", "term"}


@dataclass(frozen=True)
class Finding:
    """One remark on one scheme file."""

    severity: Literal["error", "warning"]
    code: str
    file: str
    message: str
    """Chinese: what, where, what to do."""


@dataclass(frozen=True)
class Threshold:
    """A number an indicator is held to: of which units, when (empty: always), and where it stands."""

    indicator: str
    level: str
    village_type: str | None
    checkpoint: str | None
    bands: tuple[tuple[str, Operator, Decimal], ...]
    place: str


def lint_files(paths: Sequence[Path], seeds: Path, documents: Path | None = None) -> list[Finding]:
    """All findings on the files, in the order given.

    paths      scheme files (YAML); each is also held against the others and against the schemes of ``seeds``
    documents  folder with the source documents; quotes are not checked without it
    """
    findings: list[Finding] = []
    read: list[tuple[str, Scheme]] = []
    for path in paths:
        remarks, scheme = _read(path)
        findings += remarks
        if scheme is not None:
            read.append((path.name, scheme))
            findings += _of_one(path.name, scheme, seeds, documents)
    others = _installed(seeds, paths)
    for position, (name, scheme) in enumerate(read):
        for other in (*(later for _, later in read[position + 1 :]), *others):
            findings += _of_two(name, scheme, other)
    return findings


def _installed(seeds: Path, besides: Sequence[Path]) -> list[Scheme]:
    """The catalogue's schemes but those being checked; one that cannot be read is told when it is checked itself."""
    named = {path.resolve() for path in besides}
    files = [path for path in sorted((seeds / "schemes").glob("*.yml")) if path.resolve() not in named]
    return [scheme for path in files for scheme in [_read(path)[1]] if scheme is not None]


def _read(path: Path) -> tuple[list[Finding], Scheme | None]:
    """The scheme, or why it cannot be read. An action without a clause has its own sentence."""

    def refused(code: str, message: str) -> Finding:
        return Finding("error", code, path.name, message)

    try:
        raw = read_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return [refused("unreadable", f"读不到文件 {path}。请检查路径,文件须为 UTF-8。")], None
    except yaml.YAMLError as error:
        return [refused("not_yaml", f"不是有效的 YAML:{' '.join(str(error).split())}。请改正缩进、引号或冒号。")], None
    try:
        return [], Scheme.model_validate(raw)
    except ValidationError as error:
        return [refused(*_invalid(problem, raw)) for problem in error.errors()], None


def _invalid(problem: Any, raw: Any) -> tuple[str, str]:
    where = _place(problem["loc"], raw)
    field = problem["loc"][-1] if problem["loc"] else ""
    if problem["type"] == "missing" and field == "clause" and {"actions", "missed"} & set(problem["loc"]):
        return "action_without_clause", f"{where}没有写明依据的条款(clause)。奖惩必须有条款,请补上。"
    if problem["type"] == "missing":
        return "invalid", f"{where}缺少 {field}。请补上。"
    if problem["type"] == "extra_forbidden":
        return "invalid", f"{where}有不认识的栏 {field}。请删去或改正拼写。"
    text = problem["msg"].removeprefix("Value error, ")
    return "invalid", f"{where}{field or '文件'}的值不合规定:{text}。"


def _place(location: Sequence[str | int], raw: Any) -> str:
    """``rankings round-2018-07 / actions 第2项:`` — codes instead of positions where there are any."""
    parts: list[str] = []
    here = raw
    for step in location[:-1]:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            here = None
        if isinstance(step, int):
            names = here if isinstance(here, dict) else {}
            parts.append(str(names.get("code") or names.get("id") or names.get("indicator") or f"第{step + 1}项"))
        else:
            parts.append(step)
    return " / ".join(parts) + ":" if parts else ""


def _of_one(file: str, scheme: Scheme, seeds: Path, documents: Path | None) -> Iterator[Finding]:
    for severity, code, message in (
        *_terms(scheme, seeds),
        *_codes(scheme),
        *(_quotes(scheme, documents) if documents else ()),
        *_carriers(scheme, seeds),
        *_thresholds_twice(scheme),
        *_boundaries(scheme),
        *_contradictions(scheme),
    ):
        yield Finding(severity, code, file, message)


Remark = tuple[Literal["error", "warning"], str, str]


def _terms(scheme: Scheme, seeds: Path) -> Iterator[Remark]:
    for kind, unknown in unknown_terms(scheme, seeds).items():
        named = "、".join(unknown)
        yield "error", "unknown_term", f"{kind} {named} 不在目录内。请改正代码,或先把它加入目录。"
    for indicator in uncountable_items(scheme, seeds):
        yield "error", "not_a_rate", f"加权项 {indicator} 不是百分比指标,不能按权重相加。请换成比率指标。"
    for indicator in unrankable_indicators(scheme, seeds):
        yield "error", "not_a_rate", f"包村单位的指标 {indicator} 不是以高为好的百分比指标,不能相加排名。请换一个。"


def _codes(scheme: Scheme) -> Iterator[Remark]:
    for clause in unlisted_clauses(scheme):
        yield "error", "unknown_clause", f"要素引用了条款 {clause},但 clauses 里没有。请列出该条款及其原文。"
    for name in doubled_codes(scheme):
        yield "error", "doubled_code", f"{name} 写了两次。请合并,或各给一个代码(目标用 name)。"
    for ranking in badly_weighted(scheme):
        total = sum(item.weight for each in scheme.rankings if each.code == ranking for item in each.items)
        yield "error", "weights_not_100", f"排名 {ranking} 的权重之和为 {total},应为 100。请调整 items 的 weight。"


def squeezed(text: str) -> str:
    """Text without white space: documents break lines inside sentences."""
    return re.sub(r"\s+", "", text)


def _quotes(scheme: Scheme, documents: Path) -> Iterator[Remark]:
    source = documents / scheme.source
    try:
        text = squeezed(source.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        yield "error", "no_source", f"来源文件 {source} 读不到。请把原文(UTF-8 文本)放入该文件夹,或改正 source。"
        return
    quotes = [(f"条款 {clause.id}", clause.quote) for clause in scheme.clauses]
    quotes += [(f"矛盾登记“{each.title}”", quote) for each in scheme.contradictions for quote in each.quotes]
    for place, quote in quotes:
        if not squeezed(quote) or squeezed(quote) not in text:
            yield "error", "quote_not_in_source", f"{place}的原文“{quote}”在 {scheme.source} 中找不到。请照抄原文。"


def carriers(element: str) -> Iterator[tuple[str, str]]:
    """(kind, code) pairs that a clause's ``element`` names; remarks in brackets are dropped."""
    kind = ""
    for part in re.sub(r"[((][^))]*[))]", "", element).split(","):
        words = part.split()
        if len(words) > 1:
            kind, words = words[0], words[1:]
        if words:
            yield kind, " ".join(words)


def _carriers(scheme: Scheme, seeds: Path) -> Iterator[Remark]:
    known = {kind: {element.code for element in elements} for kind, elements in scheme.elements().items()}
    known["indicator"] = set(load_indicators(seeds)["indicator_code"])
    known["template"] = set(load_templates(seeds))
    known["standard"] = set(load_reference(seeds, "standards")["standard"])
    known["finding"] = set(load_reference(seeds, "findings")["code"])
    known["parameter"] = set(load_reference(seeds, "parameters")["parameter"])
    for clause in scheme.clauses:
        if not clause.element and not clause.not_computable:
            message = f"条款 {clause.id}({clause.title})没有要素承载。请写 element,或写 not_computable 及原因。"
            yield "warning", "clause_not_carried", message
        for kind, code in carriers(clause.element or ""):
            if kind not in known and kind not in OTHER_WORDS:
                message = f"条款 {clause.id} 的 element 中“{kind} {code}”不是要素种类。请写如 target、milestone、task。"
                yield "warning", "clause_not_carried", message
            elif code not in known.get(kind, {code}):
                message = f"条款 {clause.id} 说由 {kind} {code} 承载,但没有这个要素。请补上要素或改正 element。"
                yield "warning", "clause_not_carried", message


def thresholds(scheme: Scheme) -> Iterator[Threshold]:
    """Every number of the scheme, one per indicator, unit level and village class."""
    for target in scheme.targets:
        named = (("底线", target.floor), ("目标", target.target), ("争取", target.stretch))
        bands = tuple((name, *_band(band)) for name, band in named if band)
        for level in target.levels:
            for village_type in target.village_types or (None,):
                yield Threshold(target.indicator, level, village_type, None, bands, f"目标 {target.code}")
    for milestone in scheme.milestones:
        bands = (("目标", milestone.operator, milestone.threshold),)
        for level in milestone.levels:
            place = f"节点 {milestone.code}"
            yield Threshold(milestone.indicator, level, None, milestone.checkpoint, bands, place)


def _band(band: Band) -> tuple[Operator, Decimal]:
    return band.operator, band.value


def _collide(one: Threshold, other: Threshold) -> bool:
    """Two different numbers for one indicator, unit and time. A checkpoint speaks for its own day, a target for all."""
    together = (
        one.indicator == other.indicator
        and one.level == other.level
        and (one.village_type is None or other.village_type is None or one.village_type == other.village_type)
        and (one.checkpoint is None or other.checkpoint is None or one.checkpoint == other.checkpoint)
    )
    return together and not set(one.bands) & set(other.bands)


def _said(threshold: Threshold) -> str:
    words = ",".join(f"{name} {operator} {value:f}" for name, operator, value in threshold.bands)
    return f"{threshold.place}({words})"


def _thresholds_twice(scheme: Scheme) -> Iterator[Remark]:
    said = {
        (one.indicator, _said(one), _said(other))
        for one, other in combinations(thresholds(scheme), 2)
        if _collide(one, other)
    }
    for indicator, one, other in sorted(said):
        message = f"同一指标 {indicator} 对同一单位、同一时期有两个标准:{one} 与 {other}。请核对原文,只留一个。"
        yield "warning", "two_thresholds", message


INCLUSIVE = re.compile(r"(\d[\d.]*)([%\u4e00-\u9fff]?)以(上|下)|不(低)于(\d[\d.]*)([%\u4e00-\u9fff]?)")
EXCLUSIVE = re.compile(r"(超过|高于|低于|不满)(\d[\d.]*)([%\u4e00-\u9fff]?)")


def _boundaries(scheme: Scheme) -> Iterator[Remark]:
    """One number with its boundary now included (100人以上), now not (超过100人)."""
    recorded = {quote for each in scheme.contradictions for quote in each.quotes}
    included: dict[tuple[str, str, bool], Clause] = {}
    for clause in scheme.clauses:
        for number, unit, side, floor, low, low_unit in INCLUSIVE.findall(clause.quote):
            included[(number or low, unit or low_unit, bool(floor) or side == "上")] = clause
    for clause in scheme.clauses:
        for word, number, unit in EXCLUSIVE.findall(clause.quote.replace("不低于", "")):
            other = included.get((number, unit, word in ("超过", "高于")))
            if other is not None and not {other.quote, clause.quote} <= recorded:
                message = (
                    f"{number}{unit} 的界线前后不一:{other.id}“{other.quote}”含本数,"
                    f"{clause.id}“{clause.quote}”不含。请向印发机关核实,并在 contradictions 写明采用哪一种。"
                )
                yield "warning", "boundary_words", message


def _contradictions(scheme: Scheme) -> Iterator[Remark]:
    for each in scheme.contradictions:
        quotes = " / ".join(f"“{quote}”" for quote in each.quotes)
        yield "warning", "contradiction", f"原文自相矛盾:{each.title}。{quotes}。{each.note}。"


def prefix(code: str) -> str:
    """The significant digits of a 12-digit division code: what all divisions inside begin with."""
    return next((code[:digits] for digits, zeros in LEVEL_DIGITS.items() if code[digits:] == zeros), code)


def nested(one: Scheme, other: Scheme) -> bool:
    """Whether one scheme's division lies inside the other's, or is the same."""
    if one.division is None or other.division is None:
        return False
    mine, theirs = prefix(one.division), prefix(other.division)
    return mine.startswith(theirs) or theirs.startswith(mine)


def _of_two(file: str, scheme: Scheme, other: Scheme) -> Iterator[Finding]:
    if scheme == other:  # a copy of an installed file is that file
        return
    if not overlaps(scheme, other):
        if scheme.scheme == other.scheme:
            message = f"代码 {scheme.scheme} 已被另一版使用。请给新一版另取代码,并写 replaces: {other.scheme}。"
            yield Finding("error", "doubled_code", file, message)
        return
    if same_document(scheme, other):
        message = (
            f"与 {other.scheme}({other.valid_from} 至 {other.valid_to})是同一文件的两版,施行期重叠。"
            "请把其中一版的起止日期错开。"
        )
        yield Finding("error", "versions_overlap", file, message)
        return
    if not nested(scheme, other):
        return
    seen: set[tuple[str, str]] = set()
    for one in thresholds(scheme):
        for theirs in thresholds(other):
            if _collide(one, theirs) and (one.place, theirs.place) not in seen:
                seen.add((one.place, theirs.place))
                message = (
                    f"与辖区相套的 {other.scheme} 冲突:指标 {one.indicator} 本办法 {_said(one)},"
                    f"{other.scheme} {_said(theirs)}。请确认以哪一个为准。"
                )
                yield Finding("warning", "nested_conflict", file, message)
