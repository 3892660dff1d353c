"""Checks the figures of a text against an edition: found, matched by the words before them, confirmed or flagged.

Rules: a sentence ends at 。；！？ or a line's end. A figure belongs to the claim whose words all stand before it in its
sentence, the most particular and nearest of them; it agrees when the claim, rounded half up to as many decimals as
the text gives, is the same. Dates, numbers of documents and clauses, numbering and what stands in 《》 or “” are no
figures. A figure without a claim is 未找到依据: not wrong, but nobody has checked it.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal
from zipfile import BadZipFile

import docx
from docx.opc.exceptions import PackageNotFoundError

from orchestration.errors import GuatuError
from orchestration.reports import wording
from orchestration.reports.claims import Claim, claims
from orchestration.reports.facts import active_schemes, read_facts, read_head
from orchestration.reports.geography import load_geography
from orchestration.reports.selection import check_period, choose_schemes
from orchestration.reports.source import open_edition

Verdict = Literal["一致", "不一致", "未找到依据"]
UNITS = "个百分点|个单位|个月|项次|万元|亿元|%|元|户|人|村次|份|行|条|笔|名|位|分|天|个|项|村"
NUMBER = re.compile(rf"(?<![\d.A-Za-z])(\d+(?:\.\d+)?)\s*({UNITS})?(?![\d.A-Za-z-])")
NO_FIGURES = re.compile(
    r"《[^》]*》|“[^”]*”|〔\d+〕|\d+年(\d+月)?(\d+日)?|\d+月(\d+日)?|\d+日|\d+时\d+分|[A-Z]{2,}\d*-?\d+"
    r"|第\d+号|\d+号|^\s*\d+[.、)]|附件\s*\d+|数据版本\s*\S+|\d+村（街）",
    re.MULTILINE,
)
SENTENCE_END = re.compile(r"[。；！？\n]")
FALLS = ("下降", "减少", "降低", "下滑", "回落")
RISES = ("上升", "增加", "提高", "增长", "提升")


@dataclass(frozen=True)
class Figure:
    """One figure of the text: what was found about it. ``expected`` is the edition's own value, or empty."""

    verdict: Verdict
    text: str
    context: str
    expected: str


def check_file(
    file: Path, edition_path: Path, period: str, division: str | None = None, scheme: str | None = None
) -> list[Figure]:
    """The figures of a txt or docx file in their order; tables of a docx and the notes under them are left out."""
    text = read_text(file)
    with open_edition(edition_path) as edition:
        head = read_head(edition)
        check_period(head, period)
        geography = load_geography(edition)
        known: list[Claim] = []
        for chosen in choose_schemes(edition, geography, period, division, scheme):
            if scheme is None and chosen.code not in active_schemes(edition, period):
                continue
            facts = read_facts(edition, head, geography, chosen, division or chosen.division_code, period)
            known += claims(edition, facts)
    return check(text, known)


def read_text(file: Path) -> str:
    """Paragraphs of a docx, or a text in UTF-8 or GB18030."""
    try:
        if file.suffix.lower() == ".docx":
            lines = [paragraph.text for paragraph in docx.Document(str(file)).paragraphs]
            return "\n".join(line for line in lines if not line.startswith("注："))
        content = file.read_bytes()
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return content.decode("gb18030")
    except (OSError, UnicodeDecodeError, BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        raise GuatuError(
            "text_unreadable",
            f"读不出文稿 {file.name}:须为 docx,或 UTF-8、GB18030 的 txt",
            f"cannot read {file.name}: expected docx or text in UTF-8 or GB18030",
        ) from error


def check(text: str, known: list[Claim]) -> list[Figure]:
    """Every figure of the text held against the claims."""
    plain = NO_FIGURES.sub(_blank, text)
    titles = {word for claim in known for word in claim.words if re.search(r"\d", word)}
    for title in sorted(titles, key=lambda each: (-len(each), each)):
        plain = plain.replace(title, "\x00" * len(title))
    return [_judge(text, plain, match, known) for match in NUMBER.finditer(plain)]


def _blank(found: re.Match[str]) -> str:
    return "\x00" * len(found.group())


def _judge(text: str, plain: str, match: re.Match[str], known: list[Claim]) -> Figure:
    start = max((end.end() for end in SENTENCE_END.finditer(plain, 0, match.start())), default=0)
    sentence = text[start : match.start()]
    stop = SENTENCE_END.search(plain, match.end())
    whole = text[start : stop.start() if stop else len(text)].strip()
    context = whole if len(whole) <= 60 else f"…{text[max(start, match.start() - 28) : match.end() + 8].strip()}…"
    number, unit = Decimal(match.group(1)), match.group(2) or ""
    meant = _meant(sentence, unit, known)
    said = match.group(0).strip()
    if not meant:
        return Figure("未找到依据", said, context, "")
    agrees = any(_agrees(number, claim, sentence) for claim in meant)
    return Figure("一致" if agrees else "不一致", said, context, "或".join(dict.fromkeys(map(_said, meant))))


def _meant(sentence: str, unit: str, known: list[Claim]) -> list[Claim]:
    """The claims nearest to the figure: by the words directly before it, then most words, then the nearest."""
    best: tuple[int, int, int, int] | None = None
    chosen: list[Claim] = []
    for claim in known:
        if claim.unit != unit or not sentence.endswith(claim.before):
            continue
        places = [sentence.rfind(word) for word in claim.words]
        if any(place < 0 for place in places):
            continue
        reach = sum(place + len(word) for place, word in zip(places, claim.words, strict=True))
        key = (len(claim.before), len(claim.words), reach, sum(map(len, claim.words)))
        if best is None or key > best:
            best, chosen = key, [claim]
        elif key == best:
            chosen.append(claim)
    return chosen


def _agrees(number: Decimal, claim: Claim, sentence: str) -> bool:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    if wording.rounded(claim.value, -exponent) != number:
        return False
    if claim.rises is None or number == 0:
        return True
    return not sentence.endswith(FALLS if claim.rises else RISES)


def _said(claim: Claim) -> str:
    decimals = 0 if claim.value == claim.value.to_integral_value() else 2
    direction = "" if claim.rises is None else "上升" if claim.rises else "下降"
    return f"{direction}{wording.number(claim.value, decimals)}{claim.unit}"
