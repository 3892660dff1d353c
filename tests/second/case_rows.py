"""Rows of a random submission, by template."""

from collections.abc import Callable
from random import Random

from second import case_money, case_people
from second.case_tree import Flavour, Row

MAKERS: dict[str, Callable[[Random, Flavour, str, str], list[Row]]] = {
    make.__name__: make
    for make in (
        case_people.households,
        case_people.persons,
        case_people.villages,
        case_people.team_attendance,
        case_people.loans,
        case_people.visits,
        case_people.triple_checks,
        case_people.support_units,
        case_money.projects,
        case_money.fund_receipts,
        case_money.fund_allocations,
        case_money.fund_payments,
        case_money.inspections,
        case_money.rectifications,
        case_money.assets,
        case_money.reported_statistics,
        case_money.task_targets,
    )
}


def rows_for(rng: Random, flavour: Flavour, template: str, scope: str, period: str) -> list[Row]:
    """Rows a submission of a scope and month would carry."""
    return MAKERS[template](rng, flavour, scope, period)
