"""What follows from a ranking: rewards, deductions, and proposals about persons."""

from dataclasses import dataclass
from fractions import Fraction

from second.calendar_math import last_day, month_of, shift
from second.documents import IN_FORCE, in_force, milestones
from second.milestones import indicator_value, milestone_state, units
from second.rankings import Standing, month_standing, round_standing, rounds_filed
from second.tree import Row
from second.world import World

LINGSHAN = IN_FORCE["lingshan-2018"][0]
WEIGHT = {"public_criticism": 1, "interview": 2, "organisational_measure": 3, "removal_proposal": 4}
PERSONS = ("party_secretary", "village_director")
GROUP = 3
TRIGGER = {"top": "top_3", "bottom": "last_3", "last": "last_1"}


@dataclass(frozen=True)
class Consequence:
    """One consequence of a clause on one object."""

    clause: str
    group: str
    target: str
    kind: str
    amount: int | None = None


def _round_rules(top: int, bottom: int, reward: str, penalty: str, last: str, organisational: bool):
    """The clauses of one round: 前三名, 后三名, 倒数第一."""
    rules = [
        Consequence(reward, "top", "village_funds", "reward", top),
        Consequence(penalty, "bottom", "village_funds", "deduction", -bottom),
    ]
    for person in PERSONS:
        rules += [
            Consequence(reward, "top", person, "commendation"),
            Consequence(penalty, "bottom", person, "public_criticism"),
            Consequence(last, "last", person, "removal_proposal"),
        ]
        if organisational:
            rules.append(Consequence(penalty, "bottom", person, "organisational_measure"))
    return tuple(rules)


JULY = _round_rules(30000, 5000, "LS2018-20", "LS2018-21", "LS2018-22", organisational=False)
COUNTY = _round_rules(20000, 3000, "LS2018-23", "LS2018-24", "LS2018-25", organisational=True)
RULES = {"2018-07": JULY, "2018-08": COUNTY, "2018-09": COUNTY}


def groups(standing: Standing) -> set[str]:
    """Which of 前三名, 后三名 and 倒数第一 a unit is in."""
    found = set()
    if standing.rank is not None and standing.rank <= GROUP:
        found.add("top")
    if standing.from_bottom is not None and standing.from_bottom <= GROUP:
        found.add("bottom")
        if standing.from_bottom == 1:
            found.add("last")
    return found


def absorbed_by(rule: Consequence, all_rules: list[Consequence]) -> str | None:
    """The clause of the heaviest consequence for the same person, where this one is lighter."""
    if rule.kind not in WEIGHT:
        return None
    same = [other for other in all_rules if other.target == rule.target and other.kind in WEIGHT]
    heaviest = max(same, key=lambda other: WEIGHT[other.kind])
    return heaviest.clause if WEIGHT[heaviest.kind] > WEIGHT[rule.kind] else None


def unit_actions(standing: Standing, rules: tuple[Consequence, ...]) -> dict[Consequence, Row]:
    """Every consequence a place triggers, with its state; all of them, open, where it is not announced."""
    if standing.state == "pending_announcement":
        open_row: Row = {"state": "pending_announcement", "absorbed_by": None, "said": "名次未公布,待上级通报"}
        return {rule: {"amount": rule.amount, "trigger": TRIGGER[rule.group], **open_row} for rule in rules}
    inside = groups(standing)
    triggered = [rule for rule in rules if rule.group in inside]
    found = {}
    for rule in triggered:
        absorbing = None
        if standing.ranked_units is not None and standing.ranked_units < 2 * GROUP:
            state = "insufficient_units"
        elif {"top", "bottom"} <= inside:
            state = "needs_review"
        else:
            absorbing = absorbed_by(rule, triggered)
            state = "absorbed" if absorbing else "proposed"
        found[rule] = {
            "amount": rule.amount, "state": state, "absorbed_by": absorbing, "said": _said(standing, rule, state),
            "trigger": TRIGGER[rule.group],
        }  # fmt: skip
    return found


def _said(standing: Standing, rule: Consequence, state: str) -> str:
    """Why: how the reason of a consequence begins."""
    if state == "insufficient_units":
        return f"参评单位不足:共{standing.ranked_units}个,前后两组至少需{2 * GROUP}个"
    if state == "needs_review":
        return "并列使该单位同时进入前后两组,需研究"
    if rule.group == "top":
        return f"第{standing.rank}名,前{GROUP}名"
    return f"倒数第{standing.from_bottom}名,后{1 if rule.group == 'last' else GROUP}名"


Key = tuple[str, str, str, str, str, str, str]


def lingshan(world: World, period: str) -> dict[Key, Row]:
    """Consequences of the rounds filed for the month, for 灵山镇's own villages."""
    own = set(units(world, period, LINGSHAN, "village"))
    found: dict[Key, Row] = {}
    for a_round in rounds_filed(world, period):
        for unit, standing in round_standing(world, period, a_round).items():
            if unit not in own or a_round.code not in RULES:
                continue
            for rule, row in unit_actions(standing, RULES[a_round.code]).items():
                key = (
                    "lingshan-2018", a_round.ranking, period, unit, rule.clause, rule.target, rule.kind,
                )  # fmt: skip
                found[key] = {**row, "round_code": a_round.code, **_place(standing)}
    return found


def _place(standing: Standing) -> Row:
    return {
        "score": standing.score,
        "rank": standing.rank,
        "rank_from_bottom": standing.from_bottom,
    }


def lagged(world: World, period: str, unit: str) -> bool:
    """Below the even pace, or the month's own milestone on the ranking's indicator missed."""
    value = indicator_value(world, period, "linkage_expenditure_rate", unit)
    if value is not None and value < Fraction(last_day(period).month, 12):
        return True
    return any(
        milestone_state(world, period, milestone, unit)["state"] == "missed"
        for milestone in milestones()
        if milestone.indicator == "linkage_expenditure_rate" and month_of(milestone.checkpoint) == period
    )


def bijie(world: World, period: str) -> dict[Key, Row]:
    """约谈: three months running behind and among the last three."""
    months = [shift(period, -back) for back in range(3)]
    if not all(in_force("bijie-2022", month) for month in months):
        return {}
    standings = [month_standing(world, month) for month in months]
    found: dict[Key, Row] = {}
    for unit, standing in standings[0].items():
        places = [month.get(unit) for month in standings]
        if all(
            place is not None and "bottom" in groups(place) and lagged(world, month, unit)
            for place, month in zip(places, months, strict=True)
        ):
            few = (standing.ranked_units or 0) < GROUP
            key = (
                "bijie-2022", "monthly-expenditure", period, unit, "BJ2022-54", "unit_leaders", "interview",
            )  # fmt: skip
            found[key] = {
                "amount": None,
                "absorbed_by": None,
                "state": "insufficient_units" if few else "proposed",
                "trigger": "lagging_3",
                "said": "参评单位不足" if few else "连续3个月支出滞后且列后3名",
                "round_code": None,
                **_place(standing),
            }
    return found
