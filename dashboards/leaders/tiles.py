"""The wall chart: one tile a unit, coloured by how much is met or by its place, with symbol and name; a link each."""

from collections.abc import Callable, Mapping
from html import escape
from urllib.parse import urlencode

import polars as pl

from dashboards.edition import Edition
from dashboards.parts.tables import Row
from dashboards.words.common import BY_PLACE, BY_SHARE, LIGHTS, Badge
from orchestration.reports.wording import rounded

NAME_ENDINGS = ("街道办事处", "街道", "自治县", "社区", "乡", "镇", "村")
LONGEST_NAME = 5
NOTHING = "本月没有适用的节点、目标或名次"


def unit_address(division_code: str, edition_id: str, period: str) -> str:
    """The page of one unit, in this edition and month."""
    return "unit?" + urlencode({"division": division_code, "edition": edition_id, "period": period})


def with_address(frame: pl.DataFrame, edition: Edition, period: str) -> pl.DataFrame:
    """``address``: the page of each row's division; offices without one have none."""
    return frame.with_columns(
        address=pl.col("division_code").map_elements(
            lambda code: unit_address(code, edition.edition_id, period), return_dtype=pl.String
        )
    )


def short_name(name: str, longest: int = LONGEST_NAME) -> str:
    """A name that fits a tile: without its ending where something stays, cut at ``longest`` characters."""
    ending = next((end for end in NAME_ENDINGS if name.endswith(end) and len(name) - len(end) >= 2), "")
    plain = name.removesuffix(ending)
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"


def by_share(frame: pl.DataFrame) -> pl.DataFrame:
    """Tiles of ``queries/tiles.sql`` with what stands under the name (``under``) and is told in full (``full``)."""
    return _with_words(frame, _counts, _share)


def by_place(frame: pl.DataFrame) -> pl.DataFrame:
    """The same of ``queries/tile_places.sql``."""
    return _with_words(frame, lambda row: f"第{row['rank']}名" if row["rank"] else BY_PLACE[row["light"]].label, _place)


def _with_words(frame: pl.DataFrame, under: Callable[[Row], str], full: Callable[[Row], str]) -> pl.DataFrame:
    rows = list(frame.iter_rows(named=True))
    return frame.with_columns(
        under=pl.Series([under(row) if row["checked"] else "" for row in rows], dtype=pl.String),
        full=pl.Series([f"{row['name']}:{full(row) if row['checked'] else NOTHING}" for row in rows], dtype=pl.String),
    )


def _counts(row: Row) -> str:
    return " ".join(f"{LIGHTS[tone].symbol}{row[tone]}" for tone in ("bad", "warn", "good", "info") if row[tone])


def _share(row: Row) -> str:
    parts = [f"{LIGHTS[light].label}{row[light]}" for light in LIGHTS if row[light]]
    reds = f";红灯:{row['red_titles']}" if row["red_titles"] else ""
    return f"{'、'.join(parts)}{reds}"


def _place(row: Row) -> str:
    if row["rank"] is None:
        return BY_PLACE[row["light"]].label
    of = f",共{row['ranked_units']}个" if row["ranked_units"] else ""
    return f"第{row['rank']}名{of}" + ("" if row["score"] is None else f",得分{rounded(row['score'], 2)}")


def tile_grid(frame: pl.DataFrame, addresses: Mapping[str, str], empty: str, small: bool = False) -> str:
    """Tiles in the order of their codes; with more than one parent a line a parent, those with nothing to judge last.

    frame      what ``by_share`` or ``by_place`` gave
    addresses  division code → where the tile leads
    small      villages of a whole county: narrow tiles without counts
    """
    if frame.is_empty():
        return f'<p class="g-empty">{escape(empty)}</p>'
    parents = frame["parent_code"].unique(maintain_order=True).to_list()
    groups = [frame.filter(pl.col("parent_code").eq_missing(parent)) for parent in parents]
    groups.sort(key=lambda group: group["checked"].sum() == 0)
    return "".join(_group(group, addresses, small, headed=len(groups) > 1) for group in groups)


def _group(frame: pl.DataFrame, addresses: Mapping[str, str], small: bool, headed: bool) -> str:
    head = f'<div class="g-tiles-head">{escape(frame["parent_name"][0] or "")}</div>' if headed else ""
    tiles = "".join(_tile(row, addresses.get(row["division_code"], ""), small) for row in frame.iter_rows(named=True))
    return f'{head}<div class="g-tiles{" g-tiles-small" if small else ""}">{tiles}</div>'


def _tile(row: Row, address: str, small: bool) -> str:
    light = LIGHTS[row["light"]]
    symbol = light.symbol if row["checked"] else "·"
    below = "" if small else f"<small>{escape(row['under']) or '—'}</small>"
    full = escape(row["full"], quote=True)
    return (
        f'<a class="g-tile g-part g-{light.tone}" href="{escape(address, quote=True)}" target="_self" title="{full}" '
        f'aria-label="{full}"><b>{symbol} {escape(short_name(row["name"], LONGEST_NAME - small))}</b>{below}</a>'
    )


def light_counts(frame: pl.DataFrame, lights: Mapping[str, Badge] = BY_SHARE) -> str:
    """How many units are at which light, as badges; units with nothing to be judged by stand apart."""
    judged = frame.filter(pl.col("checked") > 0)
    found = [(badge, judged.filter(pl.col("light") == light).height) for light, badge in lights.items()]
    badges = "".join(
        f'<span class="g-badge g-{badge.tone}">{badge.symbol} {badge.label} <b>{number}</b></span>'
        for badge, number in found
        if number
    )
    rest = frame.height - judged.height
    note = f'<span class="g-badge g-idle">· {NOTHING} <b>{rest}</b></span>' if rest else ""
    return f'<div class="g-legend">{badges}{note}</div>'
