"""The files a month's rows would have come in: one workbook a template and scope, worded as offices write them."""

from pathlib import Path

import polars as pl

from orchestration.catalogue.templates import Template, load_codes, load_templates
from orchestration.intake.lake import lake_file
from orchestration.intake.ledger import read_ledger
from orchestration.settings import Settings


def write_workbooks(settings: Settings, folder: Path, period: str, only: int | None = None) -> list[Path]:
    """Workbooks of every submission of ``period`` in the home, or of ``only`` one, below ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    templates = load_templates(settings.seeds)
    codes = load_codes(settings.seeds)
    written = []
    for submission in read_ledger(settings):
        path = lake_file(settings, submission)
        if submission.period == period and path.exists() and only in (None, submission.submission_id):
            template = templates[str(submission.template)]
            written.append(folder / submission.file_name)
            as_handed_in(pl.read_parquet(path), template, codes).write_excel(written[-1])
    return written


def write_large(settings: Settings, folder: Path, period: str, rows: int) -> Path:
    """One 农户台账 with so many rows: those of the home again and again, each time with other household numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    template = load_templates(settings.seeds)["households"]
    submission = next(s for s in read_ledger(settings) if (s.template, s.period) == (template.name, period))
    once = pl.read_parquet(lake_file(settings, submission))
    copies = (
        once.with_columns(pl.col("household_id") + f"-{number}", pl.col("row_number") + number * once.height)
        for number in range(-(-rows // once.height))
    )
    path = folder / submission.file_name
    as_handed_in(pl.concat(copies).head(rows), template, load_codes(settings.seeds)).write_excel(path)
    return path


def as_handed_in(rows: pl.DataFrame, template: Template, codes: dict[str, dict[str, str]]) -> pl.DataFrame:
    """The rows of a lake file under their Chinese titles: labels for codes, 是/否 for booleans."""
    columns = []
    for field in template.fields:
        column = pl.col(field.name)
        if field.enum:
            column = column.replace_strict({code: label for label, code in codes[field.enum].items()}, default=None)
        elif field.type == "boolean":
            column = pl.when(column).then(pl.lit("是")).when(~column).then(pl.lit("否"))
        elif field.type in ("money", "decimal", "percent"):
            column = column.cast(pl.Float64)
        columns.append(column.alias(field.title))
    return rows.sort("row_number").select(columns)
