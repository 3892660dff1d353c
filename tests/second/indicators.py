"""The whole catalogue for one month: fct_indicator without and with its history."""

from functools import cache

from second import funds, indicators_households, indicators_villages
from second.calendar_math import shift
from second.measure import Cell, roll_up
from second.month import Month
from second.tree import Row
from second.world import World

Cells = dict[str, dict[str, Cell]]


@cache
def indicator_cells(world: World, period: str) -> Cells:
    """Indicator code -> division code -> cell, for every division of the month's tree."""
    month = Month(world, period)
    measures = {
        **indicators_households.measures(month),
        **indicators_villages.measures(month),
        **funds.measures(month),
    }
    cells = {code: roll_up(month, measure) for code, measure in measures.items()}
    exited = measures["exited_population"]
    cells["composite_incidence"] = indicators_villages.composite_incidence(month, exited)
    return {**cells, **indicators_villages.reporting_cells(month)}


def fct_indicator(world: World, period: str) -> dict[tuple[str, str, str], Row]:
    """Every indicator of every division, with last month's and last year's value."""
    now = indicator_cells(world, period)
    before, year_ago = (
        indicator_cells(world, month) if month in world.months else {}
        for month in (shift(period, -1), shift(period, -12))
    )
    tree = world.tree(period)
    found: dict[tuple[str, str, str], Row] = {}
    for indicator, divisions in now.items():
        for division, cell in divisions.items():
            former = before.get(indicator, {}).get(division)
            old = year_ago.get(indicator, {}).get(division)
            found[(period, division, indicator)] = {
                "level": tree.level(division),
                "numerator": cell.numerator,
                "denominator": cell.denominator,
                "value": cell.value,
                "coverage": cell.coverage,
                "state": cell.state,
                "previous_value": former.value if former else None,
                "year_ago_value": old.value if old else None,
            }
    return found
