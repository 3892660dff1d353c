"""Indicators of households and persons, each at the village of its row."""

import re
import unicodedata
from collections.abc import Callable
from fractions import Fraction

from second.calendar_math import month_of, shift
from second.logic import Known, filled, some
from second.measure import Measure
from second.month import MIGRANT, Month, employed, labour_force, on_or_before, school_age
from second.tree import Row

Where = Callable[[Row], bool]
HOUSEHOLDS = ("households",)
BOTH = ("households", "persons")


def _registered(h: Row) -> bool:
    return bool(h["registered"])


def _cared_for(h: Row) -> bool:
    return bool(h["registered"] or h["monitored"])


def _monitored(h: Row) -> bool:
    return bool(h["monitored"])


def members(month: Month, where: Where) -> Measure:
    """Members of certain households."""
    measure = Measure(HOUSEHOLDS, ratio=False)
    for h in filter(where, month.households.values()):
        measure.add(h["village_code"], h["member_count"])
    return measure


def count(month: Month, where: Where, needs: tuple[str, ...] = HOUSEHOLDS) -> Measure:
    """Number of certain households."""
    measure = Measure(needs, ratio=False)
    for h in filter(where, month.households.values()):
        measure.add(h["village_code"], 1)
    return measure


def share(month: Month, of: Where, hit: Callable[[Row], Known], needs: tuple[str, ...] = HOUSEHOLDS) -> Measure:
    """Share of certain households with something; unknown in neither half."""
    measure = Measure(needs)
    for h in filter(of, month.households.values()):
        measure.tally(h["village_code"], hit(h))
    return measure


def populations(month: Month) -> dict[str, Measure]:
    kinds = {"unstable": "exited_unstable", "marginal": "marginal", "sudden": "sudden_hardship"}
    found = {
        f"{name}_population": members(month, lambda h, kind=kind: h["household_type"] == kind and h["monitored"])
        for name, kind in kinds.items()
    }
    found["poor_population"] = members(month, lambda h: h["household_type"] == "poor")
    found["exited_population"] = members(month, lambda h: h["household_type"] in ("exited", "exited_unstable"))
    incidence = Measure(("households", "villages"))
    for code, (poor, _) in found["poor_population"].own.items():
        incidence.add(code, poor)
    for village in month.snapshot("villages"):
        incidence.add(village["village_code"], 0, village["rural_population"])
    found["poverty_incidence"] = incidence
    plan = Measure(HOUSEHOLDS)
    for h in month.households.values():
        if h["planned_exit_year"] == month.year:
            done = h["exit_year"] is not None and h["exit_year"] <= month.year
            plan.add(h["village_code"], h["member_count"] * done, h["member_count"])
    found["exit_plan_rate"] = plan
    return found


def guarantees(month: Month) -> dict[str, Measure]:
    income = Measure(HOUSEHOLDS)
    for h in filter(_registered, month.households.values()):
        if h["net_income"] is not None:
            income.add(h["village_code"], h["net_income"], h["member_count"])

    def without_worries(h: Row) -> Known:
        known = None not in (h["food_secure"], h["clothing_secure"])
        return h["food_secure"] and h["clothing_secure"] if known else None

    return {
        "income_per_capita": income,
        "income_standard_rate": share(month, _registered, lambda h: h["income_ok"]),
        "worries_rate": share(month, _registered, without_worries),
        "housing_rate": share(month, _cared_for, lambda h: h["housing_ok"]),
        "unsafe_houses": count(month, lambda h: _cared_for(h) and h["housing_ok"] is False),
        "water_rate": share(month, _cared_for, lambda h: h["water_safe"]),
        "exit_standard_rate": share(month, _registered, lambda h: h["exit_standard"], BOTH),
        "archive_rate": share(month, _registered, lambda h: h["file_complete"]),
        "helper_rate": share(month, _registered, lambda h: filled(h["helper_name"])),
        "industry_rate": share(
            month, lambda h: _registered(h) and h["has_labour"] is True, lambda h: h["industry_ok"], BOTH
        ),
        "linkage_rate": share(month, _registered, lambda h: h["enterprise_linked"]),
        "dividend_rate": share(
            month,
            lambda h: _registered(h) and h["enterprise_linked"] is True,
            lambda h: None if h["dividend"] is None else h["dividend"] >= 2000,
        ),
    }


def monitoring(month: Month) -> dict[str, Measure]:
    def below_line(h: Row) -> bool:
        line = month.standard("monitoring_line", h["village_code"])
        income = h["net_income_per_capita"]
        known = line is not None and income is not None
        return h["household_type"] != "poor" and not h["monitored"] and known and income < line

    before = Month(month.world, shift(month.period, -12)).households

    def income_dropped(h: Row) -> bool:
        base = before.get(h["household_id"], {}).get("net_income_per_capita")
        now = h["net_income_per_capita"]
        return _cared_for(h) and base is not None and now is not None and base > 0 and now <= base * Fraction(4, 5)

    return {
        "monitored_households": count(month, _monitored),
        "risk_cleared_rate": share(
            month,
            lambda h: on_or_before(h["monitored_on"], month.end),
            lambda h: on_or_before(h["risk_cleared_on"], month.end),
        ),
        "measure_rate": share(
            month, _monitored, lambda h: None if h["measure_count"] is None else h["measure_count"] >= 1
        ),
        "unmonitored_below_line": count(month, below_line),
        "income_drop_households": count(month, income_dropped, ("households", "households@-12")),
    }


def visits(month: Month) -> dict[str, Measure]:
    needs = ("households", "visits")
    seen = month.journal("visits")
    this_month = {v["household_id"] for v in seen if month_of(v["visited_on"]) == month.period}
    by_helper: dict[str, int] = {}
    for v in seen:
        if v["visitor_role"] == "helper" and v["visited_on"].year == month.year:
            by_helper[v["household_id"]] = by_helper.get(v["household_id"], 0) + 1
    due = month.end.month // 2
    return {
        "visit_rate": share(month, _cared_for, lambda h: h["household_id"] in this_month, needs),
        "monitored_visit_rate": share(month, _monitored, lambda h: h["household_id"] in this_month, needs),
        "visit_pace_rate": share(month, _registered, lambda h: by_helper.get(h["household_id"], 0) >= due, needs),
    }


def normal(value: str | None) -> Fraction | str | None:
    """A cell for comparison: a number as a number, a blank as None."""
    text = unicodedata.normalize("NFKC", value or "").strip()
    bare = text.replace(",", "") if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", text) else text
    if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", bare, re.ASCII):
        return Fraction(bare.rstrip("."))
    return text or None


def triple_match(month: Month) -> Measure:
    measure = Measure(("triple_checks",))
    for row in month.snapshot("triple_checks"):
        values = [normal(row[name]) for name in ("system_value", "form_value", "card_value")]
        if any(value is not None for value in values):
            measure.tally(row["village_code"], None not in values and len(set(values)) == 1)
    return measure


def education(month: Month) -> dict[str, Measure]:
    rate, dropouts = Measure(BOTH), Measure(BOTH, ratio=False)
    for p, h in _with_household(month):
        exempt = p["schooling"] in (None, "medically_exempt")
        if _cared_for(h) and school_age(p, month.end) and not exempt:
            rate.tally(p["village_code"], p["schooling"] != "dropped_out")
            dropouts.add(p["village_code"], int(p["schooling"] == "dropped_out"))
    return {"education_rate": rate, "dropouts": dropouts}


def _with_household(month: Month) -> list[tuple[Row, Row]]:
    """Persons with the household they belong to; a person without one is a finding and in no rate."""
    return [
        (person, month.households[person["household_id"]])
        for person in month.snapshot("persons")
        if person["household_id"] in month.households
    ]


def persons_share(month: Month, of: Callable[[Row, Row], bool], hit: Callable[[Row], Known]) -> Measure:
    measure = Measure(BOTH)
    for p, h in _with_household(month):
        if of(p, h):
            measure.tally(p["village_code"], hit(p))
    return measure


def persons_count(month: Month, of: Callable[[Row, Row], bool]) -> Measure:
    measure = Measure(BOTH, ratio=False)
    for p, h in _with_household(month):
        if of(p, h):
            measure.add(p["village_code"], 1)
    return measure


def migrants(month: Month) -> Measure:
    return persons_count(month, lambda p, h: h["registered"] and p["work_place"] in MIGRANT)


def employment(month: Month) -> dict[str, Measure]:
    def with_labour(h: Row) -> bool:
        return h["registered"] and h["has_labour"] is True

    def anyone_employed(h: Row) -> bool:
        return any(employed(p) for p in h["persons"])

    now = migrants(month)
    ratio = Measure((*BOTH, "households@-12", "persons@-12"))
    for code, (base, _) in migrants(Month(month.world, shift(month.period, -12))).own.items():
        # A village nobody had left a year before is no base to compare with.
        if base > 0:
            ratio.add(code, now.own.get(code, [Fraction(0)])[0], base)

    jobs = Measure(("persons",), ratio=False)
    for p in month.snapshot("persons"):
        jobs.add(p["village_code"], int(p["public_job"] is True))

    return {
        "workers": persons_count(month, lambda p, h: h["registered"] and p["work_place"] not in (None, "not_working")),
        "migrant_workers": now,
        "migrant_year_ratio": ratio,
        "employed_household_rate": share(month, with_labour, anyone_employed, BOTH),
        "zero_employment_households": count(month, lambda h: with_labour(h) and not anyone_employed(h), BOTH),
        "organised_rate": persons_share(
            month,
            lambda p, h: h["registered"] and p["work_place"] in MIGRANT,
            lambda p: p["organised_work"],
        ),
        "training_rate": persons_share(
            month,
            lambda p, h: h["registered"] and labour_force(p, month.end) is True,
            lambda p: p["trained"],
        ),
        "public_jobs": jobs,
    }


def care(month: Month) -> dict[str, Measure]:
    def in_net(p: Row) -> Known:
        return None if p["safety_net"] is None else p["safety_net"] != "none"

    hospital = Measure(BOTH)
    for p, h in _with_household(month):
        severe = h["registered"] and p["health"] == "severe"
        cost, paid = p["hospital_cost"], p["hospital_reimbursed"]
        if severe and cost is not None and cost > 0 and paid is not None:
            hospital.add(p["village_code"], Fraction(paid), Fraction(cost))
    return {
        "insurance_rate": persons_share(month, lambda p, h: _cared_for(h), lambda p: p["medical_insured"]),
        "safety_net_rate": share(
            month,
            lambda h: h["registered"] and h["has_labour"] is False,
            lambda h: some(in_net(p) for p in h["persons"]),
            BOTH,
        ),
        "reimbursement_rate": hospital,
        "family_doctor_rate": persons_share(
            month,
            lambda p, h: _cared_for(h) and p["health"] == "chronic",
            lambda p: p["family_doctor"],
        ),
    }


def measures(month: Month) -> dict[str, Measure]:
    """All indicators of households and persons."""
    return {
        **populations(month),
        **guarantees(month),
        **monitoring(month),
        **visits(month),
        "triple_match_rate": triple_match(month),
        **education(month),
        **employment(month),
        **care(month),
    }
