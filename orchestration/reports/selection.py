"""Which schemes and which kinds of document a request means."""

from collections.abc import Mapping, Sequence

from orchestration.errors import GuatuError
from orchestration.reports.facts import EditionHead, Scheme, active_schemes, read_schemes
from orchestration.reports.geography import Geography
from orchestration.reports.kinds import Kind
from orchestration.reports.source import Edition


def choose_kinds(known: Mapping[str, Kind], asked: Sequence[str] | None, public: bool) -> list[Kind]:
    """The kinds by code or Chinese name; None for those made with every edition, empty for all.

    ``public`` keeps the public kinds only; without it and without names, public kinds are left out.
    """
    if asked is None:
        return [kind for kind in known.values() if (kind.public if public else kind.by_default)]
    if not asked:
        return [kind for kind in known.values() if kind.public == public]
    named = {kind.name: kind for kind in known.values()} | dict(known)
    unknown = [code for code in asked if code not in named]
    if unknown:
        titles = "、".join(f"{kind.kind}（{kind.name}）" for kind in known.values())
        raise GuatuError(
            "unknown_report_kind",
            f"没有文种 {'、'.join(unknown)}；现有：{titles}",
            f"no report kind {', '.join(unknown)}; known: {', '.join(known)}",
        )
    chosen = [named[code] for code in dict.fromkeys(asked)]
    closed = [kind.name for kind in chosen if public and not kind.public]
    if closed:
        raise GuatuError(
            "kind_not_public",
            f"{'、'.join(closed)}没有公示版；公示版见 guatu report --kinds",
            f"no public form of {', '.join(kind.kind for kind in chosen if not kind.public)}",
        )
    return chosen


def check_period(head: EditionHead, period: str) -> None:
    """GuatuError where the edition ends before the period."""
    if period > head.period:
        raise GuatuError(
            "period_not_in_edition",
            f"数据版本 {head.edition_id} 只到 {head.period}，不含 {period}；请先运行 guatu run --period {period}",
            f"edition {head.edition_id} ends at {head.period} and has no {period}; run guatu run --period {period}",
        )


def choose_schemes(
    edition: Edition, geography: Geography, period: str, division: str | None, scheme: str | None
) -> list[Scheme]:
    """The schemes to report on: those asked for, else those in force with a unit assessed."""
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
        raise GuatuError("unknown_scheme", f"没有考核办法 {code}；现有：{known}", f"no scheme {code}; known: {known}")
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
