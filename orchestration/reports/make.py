"""Writes the bulletins and annexes of a period from one published edition, whole files or none."""

import os
from pathlib import Path

from orchestration.errors import GuatuError
from orchestration.reports.annex import annex_workbook
from orchestration.reports.document import bulletin_pdf
from orchestration.reports.facts import (
    EditionHead,
    Scheme,
    active_schemes,
    read_facts,
    read_head,
    read_schemes,
)
from orchestration.reports.geography import Geography, load_geography
from orchestration.reports.source import Edition, open_edition


def make_reports(
    edition_path: Path, period: str, out_dir: Path, division: str | None = None, scheme: str | None = None
) -> list[Path]:
    """Write ``<out_dir>/<period>/<division>_<scheme>_月度通报.pdf`` and ``…_附表.xlsx``; return their paths.

    Without ``division`` and ``scheme``: one pair for each scheme in force in the period with a unit ranked or held
    to a target or milestone, for the scheme's own division. With a division: the schemes whose territory contains
    it. Reads the edition and nothing else; the same edition gives the same bytes. A period later than the
    edition's, an unknown scheme or division, or a scheme not in force raise GuatuError.
    """
    with open_edition(edition_path) as edition:
        head = read_head(edition)
        _check_period(head, period)
        geography = load_geography(edition)
        folder = out_dir / period
        written: list[Path] = []
        for chosen in _choose(edition, geography, period, division, scheme):
            facts = read_facts(edition, head, geography, chosen, division or chosen.division_code, period)
            stem = f"{facts.division_code}_{chosen.code}"
            written.append(_write(folder / f"{stem}_月度通报.pdf", bulletin_pdf(facts)))
            written.append(_write(folder / f"{stem}_附表.xlsx", annex_workbook(facts)))
        return written


def _check_period(head: EditionHead, period: str) -> None:
    if period > head.period:
        raise GuatuError(
            "period_not_in_edition",
            f"数据版本 {head.edition_id} 只到 {head.period}，不含 {period}；请先运行 guatu run --period {period}",
            f"edition {head.edition_id} ends at {head.period} and has no {period}; run guatu run --period {period}",
        )


def _choose(
    edition: Edition, geography: Geography, period: str, division: str | None, scheme: str | None
) -> list[Scheme]:
    schemes = read_schemes(edition)
    if division is not None and not geography.knows(division):
        raise GuatuError(
            "unknown_division",
            f"行政区划表中没有 {division}",
            f"division {division} is not in the division table",
        )
    if scheme is not None:
        schemes = [_named(schemes, scheme, period)]
    else:
        active = active_schemes(edition, period)
        schemes = [each for each in schemes if each.code in active and each.in_force(period)]
    if division is None:
        return schemes
    covering = [each for each in schemes if geography.contains(each.division_code, division)]
    if scheme is not None and not covering:
        raise GuatuError(
            "division_outside_scheme",
            f"{geography.full_name(division)}不在考核办法 {scheme} 的辖区内",
            f"division {division} is outside the territory of scheme {scheme}",
        )
    return covering


def _named(schemes: list[Scheme], code: str, period: str) -> Scheme:
    found = next((each for each in schemes if each.code == code), None)
    if found is None:
        known = "、".join(each.code for each in schemes)
        raise GuatuError(
            "unknown_scheme", f"没有考核办法 {code}；现有：{known}", f"no scheme {code}; known: {known}"
        )
    if not found.in_force(period):
        raise GuatuError(
            "scheme_not_in_force",
            f"考核办法 {code} 在 {period} 未生效（有效期 {found.valid_from} 至 {found.valid_to}）",
            f"scheme {code} is not in force in {period} (valid {found.valid_from} to {found.valid_to}）",
        )
    if found.division_code is None:
        raise GuatuError(
            "scheme_without_place",
            f"考核办法 {code} 的原文未载地名，没有适用的单位；请在该办法文件中写明 division",
            f"scheme {code} names no division and applies to no unit",
        )
    return found


def _write(path: Path, content: bytes) -> Path:
    """Write through a neighbour and rename, so that a reader never meets half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_bytes(content)
    partial.replace(path)
    return path
