"""One month at hand: its tree, its rows, and the derived terms of households, persons and money."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import cached_property

from second.calendar_math import age_at, last_day, round_half_up, shift
from second.logic import Known, every, some, word
from second.standards import standard
from second.tree import Row
from second.world import World

INCOMES = ("wage_income", "business_income", "property_income", "transfer_income")
ALWAYS_REGISTERED = {"poor", "exited", "exited_unstable"}
MONITORED = {"exited_unstable", "marginal", "sudden_hardship"}
ABLE = {"ordinary", "skilled", "partial"}
MIGRANT = {"county", "province", "out_of_province"}


def on_or_before(day: date | None, end: date) -> bool:
    """Whether something is known to have happened by a day; a blank date is not yet."""
    return day is not None and day <= end


def registered(household: Row) -> bool:
    """建档立卡."""
    kind = household["household_type"]
    if kind in ALWAYS_REGISTERED:
        return True
    return household["identified_year"] is not None and household["exit_year"] is not None


def monitored(household: Row, end: date) -> bool:
    """监测对象."""
    return (
        household["household_type"] in MONITORED
        and on_or_before(household["monitored_on"], end)
        and not on_or_before(household["risk_cleared_on"], end)
    )


def net_income(household: Row) -> Fraction | None:
    """Of the last twelve months, unrounded; None where a component is blank."""
    parts = [household[name] for name in INCOMES]
    if None in parts or household["business_expense"] is None:
        return None
    return sum(map(Fraction, parts), Fraction(0)) - Fraction(household["business_expense"])


def net_income_per_capita(household: Row) -> Fraction | None:
    income = net_income(household)
    return None if income is None else round_half_up(income / household["member_count"], 2)


def labour_force(person: Row, end: date) -> Known:
    """Aged 16 or more and able to work; below 16 never."""
    if age_at(person["birth_date"], end) < 16:
        return False
    return None if person["labour"] is None else person["labour"] in ABLE


def has_labour(persons: list[Row], end: date) -> Known:
    """Whether a household has somebody in the labour force; unknown without persons."""
    return some(labour_force(person, end) for person in persons) if persons else None


def employed(person: Row) -> bool:
    return person["work_place"] not in (None, "not_working") or person["public_job"] is True


def at_least(value: Fraction | None, line: Fraction | None) -> Known:
    return None if value is None or line is None else value >= line


def housing_ok(household: Row) -> Known:
    if household["housing_grade"] in ("A", "B") or household["housing_repair"] == "finished":
        return True
    return None if household["housing_grade"] is None else False


def medical_ok(persons: list[Row]) -> Known:
    return every(person["medical_insured"] for person in persons) if persons else None


def schooled(person: Row) -> Known:
    return None if person["schooling"] is None else person["schooling"] != "dropped_out"


def school_age(person: Row, end: date) -> bool:
    return 6 <= age_at(person["birth_date"], end) <= 15


def education_ok(persons: list[Row], end: date) -> Known:
    return every(schooled(p) for p in persons if school_age(p, end)) if persons else None


def industry_ok(household: Row) -> Known:
    """Any of the six of the household industry standard."""

    def reaches(name: str, line: int, members: int = 1) -> Known:
        value = household[name]
        return None if value is None else Fraction(value) / members >= line

    members = household["member_count"]
    return some(
        [
            reaches("orchard_mu", 2, members),
            reaches("sows", 2),
            reaches("pigs", 3, members),
            reaches("chickens", 200),
            reaches("greenhouses", 1),
            reaches("arch_sheds", 2),
        ]
    )


def loan_eligible(household: Row, persons: list[Row], end: date) -> Known:
    """Registered or marginal, rated, and somebody aged 18 to 65 in the labour force."""
    borrower = (
        some(18 <= age_at(p["birth_date"], end) <= 65 and labour_force(p, end) for p in persons) if persons else None
    )
    asked = registered(household) or household["household_type"] == "marginal"
    return every([asked, household["credit_rated"], borrower])


class Month:
    """Month ``period`` of a world."""

    def __init__(self, world: World, period: str) -> None:
        self.world = world
        self.period = period
        self.end = last_day(period)
        self.year = self.end.year
        self.tree = world.tree(period)

    def snapshot(self, template: str) -> list[Row]:
        return self.world.snapshot(template, self.period)

    def journal(self, template: str) -> list[Row]:
        return self.world.journal(template, self.period)

    def covered(self, needs: Iterable[str]) -> frozenset[str]:
        """Divisions every needed template speaks for; ``x@-12`` is template x a year earlier."""
        found = frozenset(self.tree.nodes)
        for need in needs:
            template, _, months = need.partition("@")
            found &= self.world.cover(template, shift(self.period, int(months or 0)))
        return found

    def standard(self, name: str, code: str, kind: str = "") -> Fraction | None:
        return standard(self.tree, name, code, self.year, kind)

    @cached_property
    def households(self) -> dict[str, Row]:
        """Household rows by id, with their derived terms beside the reported fields."""
        return {row["household_id"]: self._derived(row) for row in self.snapshot("households")}

    @cached_property
    def persons_of(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for person in self.snapshot("persons"):
            found.setdefault(person["household_id"], []).append(person)
        return found

    def _derived(self, row: Row) -> Row:
        persons = self.persons_of.get(row["household_id"], [])
        per_capita = net_income_per_capita(row)
        guarantees = {
            "income": at_least(per_capita, self.standard("income_line", row["village_code"])),
            "food": row["food_secure"],
            "clothing": row["clothing_secure"],
            "education": education_ok(persons, self.end),
            "medical": medical_ok(persons),
            "housing": housing_ok(row),
            "water": row["water_safe"],
        }
        return {
            **row,
            "registered": registered(row),
            "monitored": monitored(row, self.end),
            "has_labour": has_labour(persons, self.end),
            "net_income": net_income(row),
            "net_income_per_capita": per_capita,
            **{f"{name}_ok": answer for name, answer in guarantees.items()},
            "exit_standard": every(guarantees.values()),
            "industry_ok": industry_ok(row),
            "loan_eligible": loan_eligible(row, persons, self.end),
            "persons": persons,
        }

    def fct_household(self) -> dict[tuple[str, str], Row]:
        plain = ("village_code", "household_type", "member_count", "registered", "monitored", "has_labour")
        worded = [
            f"{name}_ok"
            for name in ("income", "food", "clothing", "education", "medical", "housing", "water", "industry")
        ]
        return {
            (self.period, code): {
                **{name: row[name] for name in plain},
                "net_income_per_capita": row["net_income_per_capita"],
                **{name: word(row[name]) for name in [*worded, "exit_standard"]},
                "loan_eligible": row["loan_eligible"],
            }
            for code, row in self.households.items()
        }
