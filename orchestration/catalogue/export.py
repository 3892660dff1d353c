"""The catalogue as tables: Parquet files that dbt reads as sources, one per kind of thing."""

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import polars as pl

from orchestration.catalogue.indicators import load_indicators, load_reference
from orchestration.catalogue.schemes import Scheme, load_schemes
from orchestration.catalogue.templates import load_templates
from orchestration.settings import Settings

THRESHOLD = pl.Decimal(24, 8)
FIRST_DAY, LAST_DAY = date(2010, 1, 1), date(2035, 12, 31)


def _table(rows: list[dict], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema, orient="row")


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


def _schemes(schemes: list[Scheme]) -> pl.DataFrame:
    text = pl.String()
    return _table(
        [
            s.model_dump(include={"scheme", "title", "issuer", "document_no", "valid_from", "valid_to", "source"})
            | {"division_code": s.division}
            for s in schemes
        ],
        {
            "scheme": text,
            "title": text,
            "issuer": text,
            "document_no": text,
            "division_code": text,
            "valid_from": pl.Date(),
            "valid_to": pl.Date(),
            "source": text,
        },
    )


def _clauses(schemes: list[Scheme]) -> pl.DataFrame:
    text = pl.String()
    rows = [
        {
            "clause_id": c.id,
            "scheme": s.scheme,
            "title": c.title,
            "kind": c.kind,
            "element": c.element or c.not_computable,
            "quote": c.quote,
            "source": s.source,
            "state": "carried" if c.element else "not_computable" if c.not_computable else "todo",
        }
        for s in schemes
        for c in s.clauses
    ]
    return _table(
        rows,
        dict.fromkeys(("clause_id", "scheme", "title", "kind", "element", "quote", "source", "state"), text),
    )


def _milestones(schemes: list[Scheme]) -> pl.DataFrame:
    text = pl.String()
    rows = [
        {
            "scheme": s.scheme,
            "milestone": m.code,
            "title": m.title,
            "indicator_code": m.indicator,
            "checkpoint_md": m.checkpoint,
            "level": level,
            "operator": m.operator,
            "threshold": m.threshold,
            "benchmark_level": m.above_average_of,
            "clause_id": m.clause,
        }
        for s in schemes
        for m in s.milestones
        for level in m.levels
    ]
    return _table(
        rows,
        {
            "scheme": text,
            "milestone": text,
            "title": text,
            "indicator_code": text,
            "checkpoint_md": text,
            "level": text,
            "operator": text,
            "threshold": THRESHOLD,
            "benchmark_level": text,
            "clause_id": text,
        },
    )


def _targets(schemes: list[Scheme]) -> pl.DataFrame:
    text = pl.String()
    schema: dict[str, pl.DataType] = dict.fromkeys(
        ("scheme", "target", "title", "indicator_code", "level", "village_type", "strength", "clause_id"),
        text,
    )
    rows = []
    for scheme in schemes:
        for t in scheme.targets:
            bands = {
                f"{name}_{part}": getattr(band, attribute) if band else None
                for name, band in (("floor", t.floor), ("target", t.target), ("stretch", t.stretch))
                for part, attribute in (("operator", "operator"), ("value", "value"))
            }
            for level in t.levels:
                for village_type in t.village_types or (None,):
                    rows.append(
                        {
                            "scheme": scheme.scheme,
                            "target": t.indicator,
                            "title": t.title,
                            "indicator_code": t.indicator,
                            "level": level,
                            "village_type": village_type,
                            "strength": t.strength,
                            "clause_id": t.clause,
                            **bands,
                        }
                    )
    for name in ("floor", "target", "stretch"):
        schema |= {f"{name}_operator": text, f"{name}_value": THRESHOLD}
    return _table(rows, schema)


def _rankings(schemes: list[Scheme]) -> pl.DataFrame:
    text = pl.String()
    rows = [
        {
            "scheme": s.scheme,
            "ranking": r.code,
            "title": r.title,
            "unit_level": r.unit_level,
            "population_code": r.population,
            "frequency": r.frequency,
            "round": r.round,
            "indicator_code": r.indicator,
            "decimals": r.decimals,
            "clause_id": r.clause,
        }
        for s in schemes
        for r in s.rankings
    ]
    schema = dict.fromkeys(
        (
            "scheme",
            "ranking",
            "title",
            "unit_level",
            "population_code",
            "frequency",
            "round",
            "indicator_code",
        ),
        text,
    )
    return _table(rows, schema | {"decimals": pl.Int32(), "clause_id": text})


def _actions(schemes: list[Scheme]) -> pl.DataFrame:
    text = pl.String()
    rows = [
        {
            "scheme": s.scheme,
            "ranking": r.code,
            "clause_id": a.clause,
            "trigger": a.trigger,
            "n": a.n,
            "periods": a.periods,
            "object": c.object,
            "kind": c.kind,
            "amount": c.amount,
        }
        for s in schemes
        for r in s.rankings
        for a in r.actions
        for c in a.consequences
    ]
    return _table(
        rows,
        {
            "scheme": text,
            "ranking": text,
            "clause_id": text,
            "trigger": text,
            "n": pl.Int32(),
            "periods": pl.Int32(),
            "object": text,
            "kind": text,
            "amount": pl.Decimal(18, 2),
        },
    )


def _tasks(schemes: list[Scheme]) -> pl.DataFrame:
    text = pl.String()
    rows = [
        {
            "scheme": s.scheme,
            "task": t.code,
            "title": t.title,
            "quantity": t.quantity,
            "unit": t.unit,
            "clause_id": t.clause,
        }
        for s in schemes
        for t in s.tasks
    ]
    return _table(
        rows,
        {"scheme": text, "task": text, "title": text, "quantity": THRESHOLD, "unit": text, "clause_id": text},
    )


def _lists(schemes: list[Scheme]) -> pl.DataFrame:
    rows = [
        {"scheme": s.scheme, "list": item.code, "title": item.title, "selects": item.selects, "clause_id": item.clause}
        for s in schemes
        for item in s.lists
    ]
    return _table(rows, dict.fromkeys(("scheme", "list", "title", "selects", "clause_id"), pl.String()))


def _required(schemes: list[Scheme]) -> pl.DataFrame:
    rows = [{"scheme": s.scheme, "template": template} for s in schemes for template in s.requires]
    return _table(rows, {"scheme": pl.String(), "template": pl.String()})


def _references(settings: Settings) -> dict[str, pl.DataFrame]:
    number = pl.col("value").cast(THRESHOLD)
    return {
        "standards": load_reference(settings.seeds, "standards").with_columns(
            pl.col("from_year").cast(pl.Int32), number, pl.col("division_code", "class").cast(pl.String)
        ),
        "parameters": load_reference(settings.seeds, "parameters").with_columns(number),
        "consequences": load_reference(settings.seeds, "consequences").with_columns(pl.col("weight").cast(pl.Int32)),
        "objects": load_reference(settings.seeds, "objects"),
    }


def export_tables(settings: Settings, out_dir: Path) -> dict[str, int]:
    """Write the validated catalogue as ``<out_dir>/<table>.parquet``; returns rows by table.

    Raises ValueError where the catalogue contradicts itself (an unknown indicator, template, clause …).
    """
    schemes = list(load_schemes(settings.seeds).values())
    tables = {
        "templates": _templates(settings),
        "indicators": load_indicators(settings.seeds).with_columns(pl.col("position").cast(pl.Int32)),
        "schemes": _schemes(schemes),
        "scheme_clauses": _clauses(schemes),
        "scheme_milestones": _milestones(schemes),
        "scheme_targets": _targets(schemes),
        "scheme_rankings": _rankings(schemes),
        "scheme_actions": _actions(schemes),
        "scheme_tasks": _tasks(schemes),
        "scheme_lists": _lists(schemes),
        "scheme_templates": _required(schemes),
        "workdays": workdays(),
        **_references(settings),
    }
    out_dir.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.write_parquet(out_dir / f"{name}.parquet")
    return {name: table.height for name, table in tables.items()}
