"""The history as a picture: CPU seconds of each size's newest run, the product's beside the hand-written floor's."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.scales import SCALES

LEFT, WIDTH, BAR, GAP = 150, 640, 16, 18
KINDS = (("cpu", "全部模型", "#b3261e"), ("floor_cpu", "手写 SQL(六张表)", "#5f6b7a"))
LEAST = 0.1
"""Seconds at the left edge: the scale is logarithmic."""


def draw(path: Path, runs: Sequence[Mapping[str, str]]) -> None:
    """Writes the picture (SVG) of the newest run of each size and number of months."""
    newest = {(run["scale"], int(run["months"])): run for run in runs}
    order = sorted(newest, key=lambda key: (list(SCALES).index(key[0]), key[1]))
    most = max((float(newest[key][kind]) for key in order for kind, _, _ in KINDS), default=1)
    decades = max(math.ceil(math.log10(max(most, 1) / LEAST)), 1)
    height = 40 + len(order) * (2 * BAR + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 60} {height + 30}" '
        'font-family="Noto Sans SC, sans-serif" font-size="13">'
    ]
    for number, (_, title, colour) in enumerate(KINDS):
        x = LEFT + number * 180
        parts.append(
            f'<rect x="{x}" y="8" width="12" height="12" fill="{colour}"/><text x="{x + 18}" y="19">{title}</text>'
        )
    for decade in range(decades + 1):
        x = LEFT + WIDTH * decade / decades
        parts.append(f'<line x1="{x:.0f}" y1="30" x2="{x:.0f}" y2="{height}" stroke="#d5d9de"/>')
        parts.append(f'<text x="{x:.0f}" y="{height + 18}" text-anchor="middle">{LEAST * 10**decade:g} 秒</text>')
    for place, key in enumerate(order):
        y = 40 + place * (2 * BAR + GAP)
        title = f"{SCALES[key[0]].title} {key[1]} 个月"
        parts.append(f'<text x="{LEFT - 8}" y="{y + BAR + 4}" text-anchor="end">{title}</text>')
        for number, (kind, _, colour) in enumerate(KINDS):
            seconds = float(newest[key][kind])
            if not seconds:  # not measured: a history of months has no hand-written floor
                continue
            length = WIDTH * max(math.log10(max(seconds, LEAST) / LEAST), 0) / decades
            top = y + number * BAR
            parts.append(f'<rect x="{LEFT}" y="{top}" width="{length:.0f}" height="{BAR - 2}" fill="{colour}"/>')
            parts.append(f'<text x="{LEFT + length + 5:.0f}" y="{top + 12}">{seconds:.2f}</text>')
    path.write_text("\n".join([*parts, "</svg>", ""]), encoding="utf-8")
