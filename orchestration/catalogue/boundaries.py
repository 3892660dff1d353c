"""Outlines of counties for the map (``seeds/reference/boundaries``): a sketch, no survey."""

import json
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Outline:
    """One division's outer rings (longitude, latitude in degrees), the largest first."""

    rings: tuple[Ring, ...]

    @property
    def middle(self) -> tuple[float, float]:
        """The centre of gravity of the largest ring: where the name goes."""
        ring = self.rings[0]
        pairs = list(pairwise(ring))
        area = sum(x * v - u * y for (x, y), (u, v) in pairs)
        return (
            sum((x + u) * (x * v - u * y) for (x, y), (u, v) in pairs) / (3 * area),
            sum((y + v) * (x * v - u * y) for (x, y), (u, v) in pairs) / (3 * area),
        )


@cache
def load_outlines(seeds: Path) -> dict[str, Outline]:
    """Outlines by 12-digit division code, of every ``*.geojson`` there; read once a process."""
    found = {}
    for path in sorted((seeds / "reference" / "boundaries").glob("*.geojson")):
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            rings = [_ring(polygon[0]) for polygon in feature["geometry"]["coordinates"]]
            found[feature["properties"]["code"]] = Outline(tuple(sorted(rings, key=_area, reverse=True)))
    return found


def _ring(points: list[list[float]]) -> Ring:
    return tuple((float(x), float(y)) for x, y in points)


def _area(ring: Ring) -> float:
    return abs(sum(x * v - u * y for (x, y), (u, v) in pairwise(ring)))
