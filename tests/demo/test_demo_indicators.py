"""Nothing in the catalogue stays unseen: every indicator has values, every document with a place has its rows."""

from pathlib import Path

import pytest

from orchestration.catalogue.schemes import load_schemes
from orchestration.release import open_edition
from orchestration.settings import get_settings

LEVELS = ("village", "township", "county", "prefecture", "province")
LOWEST = {"composite_incidence": "county"}
"""Where the lowest level is not the village: by definition."""
IN_TASKS = "task_rate"


@pytest.fixture(scope="module")
def edition(demo_home: Path):
    with open_edition(get_settings(demo_home)) as connection:
        yield connection


def test_every_indicator_has_values_at_every_level(edition) -> None:
    """From the village up where it counts villages' rows; else from the lowest level rows are handed in at."""
    found: dict[str, set[str]] = {}
    for code, level in edition.execute(
        "select distinct indicator_code, level from marts.fct_indicator where value is not null"
    ).fetchall():
        found.setdefault(code, set()).add(level)
    grains = dict(edition.execute("select indicator_code, grain from marts.dim_indicator").fetchall())
    gaps = {}
    for code, grain in grains.items():
        lowest = "village" if grain == "village" else LOWEST.get(code, "county")
        missing = set(LEVELS[LEVELS.index(lowest) :]) - found.get(code, set())
        if missing and code != IN_TASKS:
            gaps[code] = sorted(missing)
    assert gaps == {}


def test_tasks_have_rates(edition) -> None:
    ((rates,),) = edition.execute("select count(rate) from marts.fct_task").fetchall()
    assert rates > 0


def test_every_document_with_a_place_has_rows(edition, demo_home: Path) -> None:
    """A document that asks for nothing to be counted has indicator values of its place in a month it is in force."""
    schemes = load_schemes(get_settings(demo_home).seeds).values()
    placed = {scheme.scheme for scheme in schemes if scheme.division}
    counted = {s.scheme for s in schemes if s.targets or s.milestones or s.rankings or s.tasks or s.figures or s.lists}
    tables = ("fct_target", "fct_milestone", "fct_ranking", "fct_task", "fct_figure", "fct_list")
    union = " union ".join(f"select scheme from marts.{table}" for table in tables)
    assert placed & counted <= {scheme for (scheme,) in edition.execute(union).fetchall()}
    in_force = edition.execute("""
        select distinct scheme from marts.dim_scheme
        join marts.fct_indicator using (division_code)
        where value is not null and indicator_code not like '%report%' and indicator_code <> 'timeliness_rate'
            and last_day(cast(period || '-01' as date)) >= valid_from and cast(period || '-01' as date) <= valid_to
    """).fetchall()
    assert placed <= {scheme for (scheme,) in in_force}


def test_every_target_milestone_and_task_is_shown(edition) -> None:
    """A clause that nothing in the demonstration reaches would be a clause nobody can see at work."""
    unseen = edition.execute("""
        select scheme, 'target', target from marts.dim_target
        where scheme in (select scheme from marts.fct_target)
            and (scheme, target) not in (select (scheme, target) from marts.fct_target where value is not null)
        union all
        select scheme, 'milestone', milestone from marts.dim_milestone
        where scheme in (select scheme from marts.fct_milestone)
            and (scheme, milestone) not in (select (scheme, milestone) from marts.fct_milestone where value is not null)
    """).fetchall()
    assert unseen == []
