"""The second computation: every mart of an edition's own month, from its home alone."""

from datetime import datetime
from pathlib import Path
from typing import Any

from second.ahead import fct_monitored, fct_rank_item, fct_warning
from second.burden import fct_burden
from second.cadences import fct_cadence, fct_chase
from second.details import (
    dim_indicator,
    dim_ranking,
    dim_scheme,
    dim_scheme_clause,
    fct_asset,
    fct_figure,
    fct_list,
    fct_rectification,
    fct_rejected_row,
    fct_submission,
    fund_tables,
    support_tables,
)
from second.documents_read import tables as document_tables
from second.findings import fct_finding
from second.funds import fct_fund, fct_project
from second.indicators import fct_indicator, indicator_cells
from second.indicators_villages import fct_reporting, fct_village_exit
from second.milestones import fct_milestone, fct_target, fct_task
from second.month import Month
from second.outcomes import fct_action, fct_decision, fct_grade
from second.rankings import fct_ranking
from second.tree import LEVELS
from second.world import World

Table = dict[tuple[Any, ...], dict[str, Any]]


def dim_division(world: World, period: str) -> Table:
    """The tree of the month; a level's code is the ancestor of that level, or the division itself."""
    tree = world.tree(period)
    found: Table = {}
    for code, row in tree.nodes.items():
        at_level = {tree.level(above): above for above in tree.chain(code)}
        found[(code,)] = {
            **{name: row[name] for name in ("name", "level", "parent_code", "village_type")},
            **{name: row[name] for name in ("valid_from", "valid_to", "predecessor_code")},
            **{f"{level}_code": at_level.get(level) for level in LEVELS[:-1]},
        }
    return found


def compute(home: Path, period: str, as_of: datetime) -> dict[str, Table]:
    """Mart name -> key -> columns, for month ``period`` as known at ``as_of`` (naive local time)."""
    world = World(home, period, as_of)
    month = Month(world, period)
    incidence = indicator_cells(world, period)["poverty_incidence"]
    return {
        "dim_division": dim_division(world, period),
        "fct_household": month.fct_household(),
        "fct_village_exit": fct_village_exit(month, incidence),
        "fct_project": fct_project(month),
        "fct_fund": fct_fund(month),
        "fct_indicator": fct_indicator(world, period),
        "fct_milestone": fct_milestone(world, period),
        "fct_target": fct_target(world, period),
        "fct_task": fct_task(world, period),
        "fct_ranking": fct_ranking(world, period),
        "fct_action": fct_action(world, period),
        "fct_reporting": fct_reporting(month),
        **fund_tables(month),
        **support_tables(world, period),
        "fct_rectification": fct_rectification(month),
        "fct_asset": fct_asset(month),
        "fct_list": fct_list(month),
        "fct_figure": fct_figure(world, period),
        "fct_finding": fct_finding(world, period),
        "fct_grade": fct_grade(world, period),
        "fct_decision": fct_decision(world, period),
        "fct_cadence": fct_cadence(world, period),
        "fct_chase": fct_chase(world, period),
        "fct_warning": fct_warning(world, period),
        "fct_rank_item": fct_rank_item(world, period),
        "fct_monitored": fct_monitored(month),
        "fct_burden": fct_burden(month),
        "fct_submission": fct_submission(world),
        "fct_rejected_row": fct_rejected_row(world),
        "dim_indicator": dim_indicator(),
        "dim_scheme": dim_scheme(),
        "dim_scheme_clause": dim_scheme_clause(),
        "dim_ranking": dim_ranking(),
        **document_tables(),
    }
