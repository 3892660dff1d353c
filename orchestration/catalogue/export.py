"""The catalogue as tables: Parquet files that dbt reads as sources, one per kind of thing."""

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import polars as pl

from orchestration.catalogue.indicators import load_indicators, load_reference
from orchestration.catalogue.scheme_tables import scheme_tables
from orchestration.catalogue.schemes import load_schemes
from orchestration.catalogue.templates import load_templates
from orchestration.settings import Settings

THRESHOLD = pl.Decimal(24, 8)
FIRST_DAY, LAST_DAY = date(2010, 1, 1), date(2035, 12, 31)


def _is_workday(day: date) -> bool:
    """Statutory working day (节假日与调休); Monday to Friday beyond the years the calendar knows."""
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return day.weekday() < 5


def workdays() -> pl.DataFrame:
    """Every day with the number of working days up to and including it (workday_number)."""
    days = [FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
    is_workday = pl.Series([_is_workday(day) for day in days])
    return pl.DataFrame({"day": days, "is_workday": is_workday, "workday_number": is_workday.cum_sum().cast(pl.Int64)})


def _templates(settings: Settings) -> pl.DataFrame:
    rows = [
        {
            "template": t.name,
            "title": t.title,
            "kind": t.kind,
            "position": t.position,
            "reach": t.reach,
            "cover": t.cover,
        }
        for t in load_templates(settings.seeds).values()
    ]
    return pl.DataFrame(rows)


def _references(settings: Settings) -> dict[str, pl.DataFrame]:
    number = pl.col("value").cast(THRESHOLD)
    return {
        "standards": load_reference(settings.seeds, "standards").with_columns(
            pl.col("from_year").cast(pl.Int32), number, pl.col("division_code", "class").cast(pl.String)
        ),
        "parameters": load_reference(settings.seeds, "parameters").with_columns(number),
        "consequences": load_reference(settings.seeds, "consequences").with_columns(pl.col("weight").cast(pl.Int32)),
        "objects": load_reference(settings.seeds, "objects"),
        "findings": load_reference(settings.seeds, "findings"),
    }


def export_tables(settings: Settings, out_dir: Path) -> dict[str, int]:
    """Write the validated catalogue as ``<out_dir>/<table>.parquet``; returns rows by table.

    Raises ValueError where the catalogue contradicts itself (an unknown indicator, template, clause …).
    """
    tables = {
        "templates": _templates(settings),
        "indicators": load_indicators(settings.seeds).with_columns(pl.col("position").cast(pl.Int32)),
        **scheme_tables(load_schemes(settings.seeds).values()),
        "workdays": workdays(),
        **_references(settings),
    }
    out_dir.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.write_parquet(out_dir / f"{name}.parquet")
    return {name: table.height for name, table in tables.items()}
