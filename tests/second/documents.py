"""What the documents of the random counties ask, written out from their text: places, months, targets, nodes, tasks."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

TYPES = {"贫": ("poor", "deeply_poor"), "非": ("non_poor",), "": (None,)}

# scheme: division, first and last month in force, templates required
IN_FORCE: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "lingshan-2018": ("411521103000", "2018-07", "2018-12", ("households", "persons", "villages", "projects")),
    "bijie-2022": (
        "520500000000", "2022-01", "2022-12", ("projects", "fund_receipts", "fund_allocations", "fund_payments"),
    ),
    "yueyang-2019": (
        "430621000000", "2019-01", "2020-12",
        ("households", "persons", "villages", "loans", "team_attendance", "projects", "inspections"),
    ),
    "baicheng-2020": (
        "220800000000", "2020-09", "2020-12",
        ("households", "persons", "villages", "visits", "loans", "projects", "rectifications"),
    ),
    "baota-2017": (
        "610602000000", "2016-12", "2017-12",
        (
            "households", "persons", "villages", "projects", "fund_receipts", "fund_allocations", "fund_payments",
            "inspections", "support_units",
        ),
    ),
    "biyang-2016": (
        "411726000000", "2016-01", "2016-12",
        (
            "households", "villages", "projects", "fund_receipts", "fund_allocations", "fund_payments", "inspections",
            "support_units",
        ),
    ),
}  # fmt: skip


def in_force(scheme: str, period: str) -> bool:
    """Whether a document is in force on some day of a month."""
    return IN_FORCE[scheme][1] <= period <= IN_FORCE[scheme][2]


OPERATORS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt, "≤": operator.le, ">": operator.gt, "≥": operator.ge,
}  # fmt: skip


@dataclass(frozen=True)
class Band:
    """One threshold, e.g. ``≥0.98``."""

    sign: str
    line: Fraction

    @classmethod
    def of(cls, words: str) -> "Band | None":
        return None if words == "-" else cls(words[0], Fraction(words[1:]))

    def met(self, value: Fraction) -> bool:
        return OPERATORS[self.sign](value, self.line)


@dataclass(frozen=True)
class Target:
    """A target of a scheme for units of some levels, of one kind of village where ``kinds`` says so."""

    scheme: str
    indicator: str
    levels: tuple[str, ...]
    kinds: tuple[str | None, ...]
    floor: Band | None
    target: Band | None
    stretch: Band | None
    clause: str


# scheme | indicator | levels (村 乡 县 市) | kind of village | floor, target, stretch | clause
TARGETS = """
lingshan-2018 poverty_incidence     村乡  .  <0.02 <0.01 -    LS2018-01
lingshan-2018 wrong_exit_rate       村乡  .  <0.02 ≤0    -    LS2018-03
lingshan-2018 missed_rate           村乡  .  <0.02 ≤0    -    LS2018-04
lingshan-2018 satisfaction_rate     村乡  .  >0.9  ≥1    -    LS2018-05
lingshan-2018 income_standard_rate  村乡  .  -     ≥1    -    LS2018-06
lingshan-2018 completion_rate       乡    .  -     ≥1    -    LS2018-12
lingshan-2018 triple_match_rate     村乡  .  -     ≥1    -    LS2018-14
lingshan-2018 collective_income     村    贫 -     ≥30000 -   LS2018-16
lingshan-2018 collective_income     村    非 -     ≥20000 -   LS2018-17
bijie-2022    industry_share        县    .  -     ≥0.55 -    BJ2022-24
bijie-2022    organised_rate        县    .  -     ≥0.7  -    BJ2022-25
bijie-2022    work_relief_share     县    .  -     ≥0.2  -    BJ2022-26
bijie-2022    employed_household_rate 县  .  -     ≥1    -    BJ2022-08
bijie-2022    zero_employment_households 县 . -    ≤0    -    BJ2022-09
bijie-2022    prompt_allocation_rate 县   .  -     ≥1    -    BJ2022-45
bijie-2022    east_west_prompt_start_rate 县 . -   ≥1    -    BJ2022-33
bijie-2022    rectification_rate    县    .  -     ≥1    -    BJ2022-56
bijie-2022    insurance_rate        县    .  -     ≥1    -    BJ2022-60
yueyang-2019  reimbursement_rate    乡县  .  -     ≥0.9  -    YY2019-06
yueyang-2019  loan_overdue_rate     乡县  .  -     ≤0.01 -    YY2019-22
yueyang-2019  loan_npl_rate         乡县  .  -     ≤0.01 -    YY2019-23
yueyang-2019  team_size_rate        村    贫 -     ≥1    -    YY2019-24
yueyang-2019  team_size_rate        村    非 -     ≥1    -    YY2019-25
yueyang-2019  attendance_rate       村乡县 . -     ≥1    -    YY2019-26
baicheng-2020 pv_wage_share         村县市 . -     ≥0.8  -    BC2020-07
baicheng-2020 migrant_year_ratio    县市  .  -     ≥1    -    BC2020-09
baicheng-2020 loan_household_rate   县    .  -     ≥0.4  ≥0.5 BC2020-12
baicheng-2020 monitored_visit_rate  村县  .  -     ≥1    -    BC2020-25
baota-2017    identification_accuracy 乡  .  -     ≥0.98 -    BT2017-01
baota-2017    data_accuracy         乡    .  -     ≥0.95 -    BT2017-03
baota-2017    surplus_rate          县    .  -     ≤0.05 -    BT2017-05
baota-2017    recallable_amount     县    .  -     ≤0    -    BT2017-06
baota-2017    start_rate            县    .  -     ≥1    -    BT2017-07
baota-2017    archive_rate          村乡县 . -     ≥1    -    BT2017-08
baota-2017    announcement_rate     乡县  .  -     ≥1    -    BT2017-09
baota-2017    helper_rate           村乡县 . -     ≥1    -    BT2017-10
baota-2017    industry_rate         村乡县 . -     ≥1    -    BT2017-14
baota-2017    training_rate         村乡县 . -     ≥1    -    BT2017-14
baota-2017    seven_items_rate      村    贫 -     ≥1    -    BT2017-15
biyang-2016   ten_items_rate        村    贫 -     ≥1    -    BY2016-05
biyang-2016   dividend_rate         村乡县 . -     ≥1    -    BY2016-06
"""
LEVEL = {"村": "village", "乡": "township", "县": "county", "市": "prefecture", "省": "province"}


@cache
def targets() -> tuple[Target, ...]:
    found = []
    for line in TARGETS.split("\n"):
        if line:
            scheme, indicator, levels, kind, *bands, clause = line.split()
            floor, target, stretch = map(Band.of, bands)
            kinds = TYPES[kind.strip(".")]
            found.append(Target(scheme, indicator, _levels(levels), kinds, floor, target, stretch, clause))
    return tuple(found)


def _levels(words: str) -> tuple[str, ...]:
    return tuple(LEVEL[word] for word in words)


@dataclass(frozen=True)
class Milestone:
    """Value against a threshold on a day; ``benchmark`` names the level whose average also does."""

    scheme: str
    levels: tuple[str, ...]
    indicator: str
    checkpoint: date
    threshold: Fraction
    clause: str
    at_most: bool = False
    benchmark: str | None = None

    @property
    def code(self) -> str:
        return f"{self.indicator}@{self.checkpoint:%m-%d}"

    def absolute(self, value: Fraction) -> bool:
        return value <= self.threshold if self.at_most else value >= self.threshold


# scheme | levels | indicator | day | threshold, 均 where the province's average also does | clause
MILESTONES = """
lingshan-2018 村   unsafe_houses             2018-08-15 ≤0     LS2018-07
bijie-2022    县   east_west_allocation_rate 2022-03-31 ≥1     BJ2022-30
bijie-2022    县   east_west_start_rate      2022-05-31 ≥1     BJ2022-31
bijie-2022    县   east_west_completion_rate 2022-11-30 ≥1     BJ2022-32
bijie-2022    县   advance_allocation_rate   2022-03-31 ≥1     BJ2022-46
bijie-2022    县   linkage_allocation_rate   2022-06-30 ≥1     BJ2022-47
bijie-2022    县   start_rate                2022-06-30 ≥1     BJ2022-48
bijie-2022    县   linkage_expenditure_rate  2022-06-30 ≥0.50均 BJ2022-49
bijie-2022    县   linkage_expenditure_rate  2022-09-30 ≥0.75均 BJ2022-50
bijie-2022    县   linkage_expenditure_rate  2022-12-31 ≥0.95均 BJ2022-51
yueyang-2019  村乡县 unsafe_houses           2019-11-30 ≤0     YY2019-14
yueyang-2019  乡县 exit_plan_rate            2019-12-31 ≥1     YY2019-03
baicheng-2020 县市 rectification_rate        2020-10-31 ≥1     BC2020-01
baicheng-2020 县市 education_rate            2020-10-31 ≥1     BC2020-02
baicheng-2020 县市 insurance_rate            2020-10-31 ≥1     BC2020-02
baicheng-2020 县市 housing_rate              2020-10-31 ≥1     BC2020-02
baicheng-2020 县市 water_rate                2020-10-31 ≥1     BC2020-02
baicheng-2020 县   completion_rate           2020-12-31 ≥1     BC2020-08
baicheng-2020 县市 poor_population           2020-12-31 ≤0     BC2020-20
"""


@cache
def milestones() -> tuple[Milestone, ...]:
    found = []
    for line in MILESTONES.split("\n"):
        if line:
            scheme, levels, indicator, day, line_, clause = line.split()
            threshold = Fraction(line_[1:].rstrip("均"))
            average = "province" if line_.endswith("均") else None
            found.append(
                Milestone(
                    scheme, _levels(levels), indicator, date.fromisoformat(day), threshold, clause,
                    line_[0] == "≤", average,
                )
            )  # fmt: skip
    return tuple(found)


# The tasks the random counties report: task, scheme, clause.
TASKS = {
    "area_vegetable": ("bijie-2022", "BJ2022-10"),
    "new_toilets": ("bijie-2022", "BJ2022-39"),
    "public_posts": ("yueyang-2019", "YY2019-09"),
    "poverty_bases": ("yueyang-2019", "YY2019-08"),
    "consumption_cabinets": ("baicheng-2020", "BC2020-16"),
    "consumption_zones": ("baicheng-2020", "BC2020-17"),
    "township_deputies": ("baota-2017", "BT2017-16"),
    "labour_household_industry_rate": ("baota-2017", "BT2017-13"),
    "identification_review_coverage": ("biyang-2016", "BY2016-03"),
    "household_program_income_gain": ("biyang-2016", "BY2016-08"),
}

# What the villages behind a support unit are held to; a county whose documents name none is held to all of them.
SUPPORT: dict[str, tuple[str, ...]] = {
    "biyang-2016": ("exit_plan_rate",),
    "baota-2017": ("measure_rate", "exit_standard_rate", "satisfaction_rate", "exit_plan_rate"),
}
