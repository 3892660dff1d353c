"""The three assessment rounds of 2018: scores of villages of 罗山县, set so that the tops, tails and ties are known."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from orchestration.demo.places import LINGSHAN, Place

# 灵山镇's villages by the last three digits of their codes; None: inspected, not assessed
JULY = {
    "208": "98.20", "205": "96.504", "201": "91.30", "003": "88.75", "204": "78.40", "207": "74.00", "206": None,
}  # fmt: skip
JULY_OTHERS = (
    "97.10", "96.496", "95.20", "93.85", "92.60", "92.60", "90.15", "89.40", "87.00", "85.55", "83.20", "80.90",
    "77.35",
)  # fmt: skip
AUGUST = {
    "203": "95.10", "201": "93.99", "208": "92.40", "200": "90.20", "209": "84.00", "202": "79.80", "204": "71.50",
}  # fmt: skip
AUGUST_OTHERS = (
    "96.30", "94.80", "94.00", "93.10", "92.75", "91.60", "90.85", "89.90", "88.60", "87.75", "86.90", "85.30", "82.45",
    "81.20", "78.90", "76.40", "71.50",
)  # fmt: skip
AUGUST_CORRECTION = {"201": "94.95"}
"""大马村's score as corrected on 12 September: it moves from the fifth to the third place."""
SEPTEMBER = {  # score and announced place among the county's 40 villages; only 灵山镇's own are handed in
    "205": ("95.80", 2), "203": ("93.20", 5), "204": ("88.10", 20), "209": ("76.10", 38), "207": ("70.20", 40),
    "202": ("90.60", None),
}  # fmt: skip
SEPTEMBER_UNITS = 40


def _others(places: Sequence[Place], count: int) -> list[str]:
    """The last village of each of the county's other townships, then the last but one of each."""
    townships = [place.code for place in places if place.level == "township" and place.code != LINGSHAN]
    villages = [[v.code for v in places if v.parent_code == code] for code in townships]
    order = [codes[-turn] for turn in (1, 2) for codes in villages if len(codes) >= turn]
    return order[:count]


def _row(rng: Random, code: str, round_code: str, inspector: str, day: date, score: str | None) -> dict[str, Any]:
    points = float(score or 80)
    exited, unregistered, households = rng.randint(28, 60), rng.randint(40, 90), rng.randint(30, 50)
    responses, fields = rng.randint(30, 60), rng.randint(300, 500)
    slips = 0 if points > 85 else 1 if points > 76 else 2
    return {
        "division_code": code, "round_code": round_code, "inspector": inspector, "inspected_on": day,
        "exited_sampled": exited, "wrong_exits": slips if rng.random() < 0.4 else 0,
        "unregistered_sampled": unregistered,
        "missed": slips if rng.random() < 0.4 else 0, "responses": responses,
        "satisfied": round(responses * min(1.0, 0.72 + points / 350)), "households_sampled": households,
        "identified_correctly": households - slips, "fields_checked": fields,
        "fields_matched": round(fields * (0.86 + points / 720)), "score": Decimal(score) if score else None,
    }  # fmt: skip


def _round(
    seed: int, places: Sequence[Place], code: str, inspector: str, day: date, own: dict[str, str | None],
    others: Sequence[str],
) -> list[dict[str, Any]]:  # fmt: skip
    rng = Random(f"{seed}:round:{code}")
    scores: dict[str, str | None] = {f"411521103{village}": score for village, score in own.items()}
    scores |= dict(zip(_others(places, len(others)), others, strict=True))
    return [_row(rng, division, code, inspector, day, score) for division, score in sorted(scores.items())]


def july_rows(seed: int, places: Sequence[Place]) -> list[dict[str, Any]]:
    """Round 2018-07 of the province: 20 villages of the county, 7 of 灵山镇, one of those not assessed."""
    return _round(seed, places, "2018-07", "省级", date(2018, 7, 27), dict(JULY), JULY_OTHERS)


def august_rows(seed: int, places: Sequence[Place], corrected: bool = False) -> list[dict[str, Any]]:
    """Round 2018-08 of the county: 24 villages, 7 of 灵山镇."""
    own = dict(AUGUST) | (AUGUST_CORRECTION if corrected else {})
    return _round(seed, places, "2018-08", "县级", date(2018, 8, 28), dict(own), AUGUST_OTHERS)


def september_rows(seed: int) -> list[dict[str, Any]]:
    """Round 2018-09 of the county as 灵山镇 knows it: its own villages, with the places the county announced."""
    rng = Random(f"{seed}:round:2018-09")
    rows = []
    for village, (score, place) in sorted(SEPTEMBER.items()):
        row = _row(rng, f"411521103{village}", "2018-09", "县级", date(2018, 9, 26), score)
        rows.append(row | {"ranked_units": SEPTEMBER_UNITS, "official_rank": place})
    return rows
