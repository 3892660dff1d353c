"""The catalogue as tables: Parquet files that dbt reads as sources, one per kind of thing."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from orchestration.cadence.tables import cadence_tables
from orchestration.cadence.workdays import is_workday
from orchestration.catalogue.indicators import load_indicators, load_reference
from orchestration.catalogue.scheme_tables import scheme_tables
from orchestration.catalogue.schemes import load_schemes
from orchestration.catalogue.templates import load_templates
from orchestration.settings import Settings

THRESHOLD = pl.Decimal(24, 8)
FIRST_DAY, LAST_DAY = date(2010, 1, 1), date(2035, 12, 31)


def workdays() -> pl.DataFrame:
    """Every day with the number of working days up to and including it (workday_number)."""
    days = [FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
    flags = pl.Series([is_workday(day) for day in days])
    return pl.DataFrame({"day": days, "is_workday": flags, "workday_number": flags.cum_sum().cast(pl.Int64)})


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


def _template_fields(settings: Settings) -> pl.DataFrame:
    """One row per column of a template, in its order; ``is_standing`` where last month's value may be filled in again.

    Raises ValueError where a standing field or a template's department is not in the catalogue, or a template has none.
    """
    templates = load_templates(settings.seeds)
    standing = set(load_reference(settings.seeds, "standing_fields").select("template", "field").iter_rows())
    fields = {(t.name, f.name) for t in templates.values() for f in t.fields}
    departments = set(load_reference(settings.seeds, "template_departments")["template"])
    if standing - fields or departments ^ set(templates):
        unknown = [f"{template}.{field}" for template, field in sorted(standing - fields)]
        raise ValueError(f"对照表与模板不符:{unknown + sorted(departments ^ set(templates))}")
    rows = [
        {
            "template": template.name,
            "field": field.name,
            "title": field.title,
            "position": position,
            "is_key": field.name in template.key,
            "is_division": field.name == template.division,
            "is_standing": (template.name, field.name) in standing,
        }
        for template in templates.values()
        for position, field in enumerate(template.fields, start=1)
    ]
    return pl.DataFrame(rows)


def _references(settings: Settings) -> dict[str, pl.DataFrame]:
    number = pl.col("value").cast(THRESHOLD)
    return {
        "standards": load_reference(settings.seeds, "standards").with_columns(
            pl.col("from_year").cast(pl.Int32), number, pl.col("division_code", "class").cast(pl.String)
        ),
        "parameters": load_reference(settings.seeds, "parameters").with_columns(number),
        "consequences": load_reference(settings.seeds, "consequences").with_columns(
            pl.col("weight").cast(pl.Int32), pl.col("is_reward") == "true"
        ),
        "objects": load_reference(settings.seeds, "objects"),
        "findings": load_reference(settings.seeds, "findings"),
        "template_departments": load_reference(settings.seeds, "template_departments"),
    }


def export_tables(settings: Settings, out_dir: Path) -> dict[str, int]:
    """Write the validated catalogue as ``<out_dir>/<table>.parquet``; returns rows by table.

    Raises ValueError where the catalogue contradicts itself (an unknown indicator, template, clause …).
    """
    tables = {
        "templates": _templates(settings),
        "indicators": load_indicators(settings.seeds).with_columns(pl.col("position").cast(pl.Int32)),
        "template_fields": _template_fields(settings),
        **scheme_tables(load_schemes(settings.seeds).values()),
        **cadence_tables(load_schemes(settings.seeds).values()),
        "workdays": workdays(),
        **_references(settings),
    }
    out_dir.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.write_parquet(out_dir / f"{name}.parquet")
    return {name: table.height for name, table in tables.items()}
