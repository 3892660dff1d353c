"""What last month's reports already say: rows whose standing columns (编号、姓名、年度……) need not be written again.

Only columns of ``seeds/reference/standing_fields.csv`` are given. What describes the month (incomes, schooling,
balances) never is: filled in beforehand it would come back unread.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from orchestration.catalogue.indicators import load_reference
from orchestration.catalogue.templates import Field, Template
from orchestration.intake.divisions import code_prefix
from orchestration.intake.lake import lake_file
from orchestration.intake.ledger import Submission, read_ledger
from orchestration.settings import Settings


def standing_rows(settings: Settings, template: Template, scope: str, period: str) -> pl.DataFrame:
    """Standing columns of the rows in force in the month before ``period`` inside the scope, ordered by key.

    Of forms that speak until the next one (包村单位表) those of an earlier month count too. No columns where nothing of
    the template stands, no rows where nothing was handed in.
    """
    marked = load_reference(settings.seeds, "standing_fields").filter(pl.col("template") == template.name)
    names = [field.name for field in template.fields if field.name in set(marked["field"])]
    if not names:
        return pl.DataFrame()
    rows = pl.DataFrame(schema={name: template.lake_schema()[name] for name in names})
    for submission in _handed_in(settings, template, _month_before(period)):
        rows = rows.filter(~_inside(template, str(submission.scope_code)))
        if submission.rows_accepted:
            rows = pl.concat([rows, pl.read_parquet(lake_file(settings, submission), columns=names)])
    kept = rows.filter(_inside(template, scope)).unique(template.key, keep="last", maintain_order=True)
    return kept.sort(template.division, *template.key)


def write_standing_rows(
    page: Any, template: Template, codes: Mapping[str, Mapping[str, str]], rows: pl.DataFrame, first: int, period: str
) -> None:
    """Writes the rows into a blank sheet from row ``first`` on; column 0 is 期别, then the template's fields."""
    columns = {field.name: (at, field) for at, field in enumerate(template.fields, start=1)}
    for number, row in enumerate(rows.iter_rows(named=True), start=first):
        page.write_string(number, 0, period)
        for name, value in row.items():
            if name in columns and value is not None:
                column, field = columns[name]
                page.write(number, column, *_cell(field, codes, value))


def _cell(field: Field, codes: Mapping[str, Mapping[str, str]], value: Any) -> tuple[Any, ...]:
    """A value as it is typed into the form."""
    if isinstance(value, bool):
        return ("是" if value else "否",)
    if field.type == "enum":
        labels = {code: label for label, code in codes[str(field.enum)].items()}
        return (labels.get(value),)
    return (float(value),) if isinstance(value, Decimal) else (value,)


def _handed_in(settings: Settings, template: Template, period: str) -> list[Submission]:
    """Submissions that speak for the period, each after those it supersedes."""
    first = {"period": period, "year": period[:4], "newest": ""}[template.reach]
    ledger = [s for s in read_ledger(settings) if s.in_effect and s.template == template.name]
    return sorted((s for s in ledger if first <= str(s.period) <= period), key=lambda s: (str(s.period), s.order))


def _inside(template: Template, scope: str) -> pl.Expr:
    return pl.col(template.division).str.starts_with(code_prefix(scope))


def _month_before(period: str) -> str:
    year, month = int(period[:4]), int(period[5:])
    return f"{date(year - (month == 1), (month - 2) % 12 + 1, 1):%Y-%m}"
