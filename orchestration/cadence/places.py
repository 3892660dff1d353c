"""Who is there to owe a report: divisions as handed in, units that support villages as published."""

from calendar import monthrange
from datetime import date

import polars as pl

from orchestration.settings import Settings


def divisions_on(settings: Settings, day: date) -> pl.DataFrame:
    """The division tree as handed in for the month of the day: division_code, name, level, parent_code."""
    from orchestration.intake import read_ledger
    from orchestration.intake.divisions import Divisions

    last_day = day.replace(day=monthrange(day.year, day.month)[1])
    return Divisions(settings).tree(read_ledger(settings), f"{day:%Y-%m}", last_day).divisions


def support_units_of(settings: Settings) -> dict[str, list[str]]:
    """County → support units, of the edition served; empty before the first edition."""
    from orchestration.release import current_edition, open_edition

    edition = current_edition(settings)
    if edition is None:
        return {}
    with open_edition(settings) as connection:
        pairs = connection.execute(
            "select distinct county_code, unit from fct_support_unit where period = ? order by all", [edition.period]
        ).fetchall()
    return {county: [unit for code, unit in pairs if code == county] for county in {code for code, _ in pairs}}
