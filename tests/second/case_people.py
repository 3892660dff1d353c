"""Rows of the templates kept by village, with values from the edges of the rules."""

from datetime import date, timedelta
from random import Random

from second.calendar_math import last_day
from second.case_tree import D, Flavour, Row, codes_in, flag, id_number, maybe, near

LARGE = "610602101201"
"""A village of more households, many of them with the same income."""


def _household_ids(village: str) -> list[str]:
    return [f"H{village[4:]}{n}" for n in range(1, 13 if village == LARGE else 7)]


def _pick_households(rng: Random, villages: list[str]) -> list[tuple[str, str]]:
    """Households with the village whose file they stand in; now and then a neighbour's."""
    picked: dict[str, str] = {}
    for village in villages:
        for code in _household_ids(village):
            if rng.random() < 0.9:
                picked.setdefault(code, village)
    if len(villages) == 1 and rng.random() < 0.5:
        neighbour = village[:-1] + ("2" if village.endswith("1") else "1")
        picked[_household_ids(neighbour)[0]] = villages[0]
    return list(picked.items())


def households(rng: Random, flavour: Flavour, scope: str, period: str) -> list[Row]:
    rows = []
    year = int(period[:4])
    for code, village in _pick_households(rng, codes_in(flavour, scope, period, "village")):
        nature = Random(code)
        kind = nature.choice(["poor", "exited", "exited", "exited_unstable", "marginal", "sudden_hardship", "general"])
        # in some villages four households make exactly 100 registered persons
        members = 25 if village.endswith("2") and village[:6] == "430621" else nature.randrange(1, 7)
        line = nature.choice([2952, 2995, 3600, 5000, 6000, 6700, 10000])
        net = D(line * members) * rng.choice([D(1), D("0.8"), D("0.79999"), D("1.1"), D("0.5")])
        net = (net + rng.choice([D(0), D(0), D("-0.01"), D("0.01")])).quantize(D("0.01"))
        expense = D(rng.choice([0, 100]))
        if village == LARGE:
            # 5904 is the income line of two, 6022.08 two per cent above it
            members, alike = 2, Random(f"{scope}{period[:4]}").choice([6000, 5990, 6001, 5904, D("6022.08")])
            net, expense = D(alike) if Random(code).random() < 0.8 else D(6240), D(0)
        # of some households each kind of income is a part of it
        besides = (D(7), D(30), D(100)) if nature.random() < 0.5 else (D(0), D(0), D(0))
        rows.append({
            "village_code": village, "household_id": code, "head_name": f"示例户{code[-3:]}",
            "head_id_number": id_number(village, date(1970, 1, 1), sum(map(ord, code))),
            "household_type": kind if rng.random() < 0.95 else "poor", "member_count": members,
            "identified_year": maybe(nature, 2014), "planned_exit_year": maybe(rng, year, 0.4),
            "exit_year": maybe(rng, rng.choice([year - 1, year, year + 1]), 0.3),
            "wage_income": maybe(rng, net + expense - sum(besides), 0.05), "business_income": besides[0],
            "property_income": maybe(rng, besides[1], 0.05), "transfer_income": besides[2],
            "business_expense": expense if rng.random() < 0.95 else expense + net + 50,
            "food_secure": flag(rng, 0.95), "clothing_secure": flag(rng, 0.95),
            "water_safe": flag(rng, 0.9), "housing_grade": maybe(rng, rng.choice("ABCD"), 0.1),
            "housing_repair": maybe(
                rng, rng.choice(["none_needed", "not_started", "in_progress", "finished"])
            ),
            "orchard_mu": maybe(rng, D(rng.choice([0, 2 * members, D("1.999999") * members]))),
            "sows": maybe(rng, rng.choice([0, 1, 2])),
            "pigs": maybe(rng, rng.choice([0, 3 * members, 3 * members - 1])),
            "chickens": maybe(rng, rng.choice([0, 199, 200])), "greenhouses": maybe(rng, 0),
            "arch_sheds": maybe(rng, rng.choice([0, 1, 2])), "enterprise_linked": flag(rng),
            "dividend": maybe(rng, rng.choice([D(2000), D("1999.99"), D(2500)])),
            "credit_rated": flag(rng), "file_complete": flag(rng),
            "helper_name": maybe(rng, "示例干部"), "measure_count": maybe(rng, rng.choice([0, 1, 3])),
            "risk_type": Random(code + "r").choice([None, "illness", "disaster"]),
            "monitored_on": maybe(rng, near(rng, period), 0.25),
            "risk_cleared_on": maybe(rng, near(rng, period), 0.6),
        })  # fmt: skip
    return rows


def persons(rng: Random, flavour: Flavour, scope: str, period: str) -> list[Row]:
    rows: list[Row] = []
    end = last_day(period)
    # of a village nobody may be on the list
    listed = [code for code in codes_in(flavour, scope, period, "village") if rng.random() < 0.93]
    for code, village in _pick_households(rng, listed):
        nature = Random(code + "p")
        for n in range(nature.choice([0, 1, 2, 3, 4])):
            age = rng.choice([3, 5, 6, 15, 16, 17, 18, 40, 65, 66, 80])
            birth = date(end.year - age, end.month, 1) + timedelta(days=rng.choice([0, 27, 31]))
            if rng.random() < 0.1:
                birth = date(2002, 2, 28) if end.year == 2018 else date(2004, 2, 29)
            cost = rng.choice([None, D(0), D(1000), D("333.33")])
            rows.append({
                "village_code": village, "household_id": code if rng.random() < 0.97 else "H0",
                "person_id": f"{code}-{n}", "name": f"示例{n}",
                "id_number": id_number(village, birth, sum(map(ord, code)) + n), "birth_date": birth,
                "gender": rng.choice(["male", "female"]),
                "health": rng.choice([None, "healthy", "chronic", "chronic", "severe", "severe", "disabled"]),
                "labour": rng.choice([None, "ordinary", "skilled", "partial", "lost", "none", "none"]),
                "schooling": rng.choice(
                    [None, "not_enrolled", "primary", "lower_secondary", "dropped_out", "medically_exempt"]
                ),
                "medical_insured": flag(rng, 0.9),
                "safety_net": rng.choice([None, "none", "none", "subsistence_allowance"]),
                "work_place": rng.choice(
                    [None, "not_working", "not_working", "township", "county", "province", "out_of_province"]
                ),
                "organised_work": flag(rng), "public_job": flag(rng, 0.2), "trained": flag(rng),
                "family_doctor": flag(rng), "hospital_cost": cost,
                "hospital_reimbursed": maybe(rng, D(300)),
            })  # fmt: skip
    return rows


def villages(rng: Random, flavour: Flavour, scope: str, period: str) -> list[Row]:
    items = (
        "road", "drinking_water", "power", "culture_centre", "clinic", "broadband", "broadcast",
        "environment", "housing_done", "village_office",
    )  # fmt: skip
    return [
        {
            "village_code": code, "rural_households": 6,
            "rural_population": rng.choice([0, 25, 40, 100, 300, 1000]),
            **{item: maybe(rng, rng.random() < 0.93, 0.03) for item in items},
            "main_industry": rng.choice([None, "无", "油茶", "茶叶"]),
            "collective_income": rng.choice([None, D(30000), D("29999.99"), D(20000), D("19999.99"), D(0)]),
            "pv_income": maybe(rng, rng.choice([D(0), D(1000)])), "pv_wage": maybe(rng, D(800)),
        }
        for code in codes_in(flavour, scope, period, "village")
        if rng.random() < 0.95
    ]  # fmt: skip


def team_attendance(rng: Random, flavour: Flavour, scope: str, period: str) -> list[Row]:
    rows: dict[str, Row] = {}
    for code in codes_in(flavour, scope, period, "village"):
        for n in range(rng.randrange(4)):
            member = f"T{code[4:]}{n}" if rng.random() < 0.95 else f"T{n}-{code[-1]}"
            rows.setdefault(member, {
                "village_code": code, "member_id": member, "unit": rng.choice(["示例单位", "示例单位甲"]),
                "post": "member", "days": rng.choice([0, 19, 20, 31]),
            })  # fmt: skip
    return list(rows.values())


def loans(rng: Random, flavour: Flavour, scope: str, period: str) -> list[Row]:
    kinds = ["normal", "special_mention", "substandard", "doubtful", "loss"]
    return [
        {
            "village_code": village, "loan_id": f"L{code}{n}", "household_id": code,
            "lent_on": date(2017, 1, 1), "amount": D(50000),
            "due_on": near(rng, period) + timedelta(days=rng.choice([0, 0, 0, 45])),
            "balance": rng.choice([D(0), D(50000), D("0.01"), D(20000)]),
            "overdue": rng.choice([D(0), D(100)]), "classification": rng.choice(kinds),
        }
        for code, village in _pick_households(rng, codes_in(flavour, scope, period, "village"))
        for n in range(rng.choice([0, 0, 1, 1, 2]))
    ]  # fmt: skip


def visits(rng: Random, flavour: Flavour, scope: str, period: str) -> list[Row]:
    rows = []
    for code, village in _pick_households(rng, codes_in(flavour, scope, period, "village")):
        for n in range(rng.randrange(4)):
            month = rng.choice([period, period, period, flavour.periods[1]])  # some are handed in again and again
            rows.append({
                "village_code": village, "visit_id": f"V{month}{code}{n}", "household_id": code,
                "visited_on": last_day(period) + timedelta(days=rng.choice([-40, -27, -3, 0, 0, 1])),
                "visitor_role": rng.choice(["helper", "helper", "team", "village_committee"]),
            })  # fmt: skip
    return rows


def triple_checks(rng: Random, flavour: Flavour, scope: str, period: str) -> list[Row]:
    values = [None, "3", "3.0", "3.00", "1,200", "1200", "男", "男 ", "女", "3"]
    return [
        {
            "village_code": village, "household_id": code, "field": field,
            "system_value": (value := rng.choice(values)),
            "form_value": value if rng.random() < 0.6 else rng.choice(values),
            "card_value": value if rng.random() < 0.6 else rng.choice(values),
        }
        for code, village in _pick_households(rng, codes_in(flavour, scope, period, "village"))
        for field in ("家庭人口", "性别")
    ]  # fmt: skip


def support_units(rng: Random, flavour: Flavour, scope: str, period: str) -> list[Row]:
    return [
        {"village_code": code, "unit": unit, "leader": "示例领导", "since": date(2016, 1, 1)}
        for code in codes_in(flavour, scope, period, "village")
        for unit in rng.sample(["示例单位甲", "示例单位乙"], rng.randrange(3))
    ]
