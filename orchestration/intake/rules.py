"""The rules a row is held to: errors reject it, warnings do not.

Every rule works on whole columns. The outcome is one table of problems, at most one error per cell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from orchestration.catalogue.templates import Field, Template
from orchestration.intake.cells import Parsed, Reading, normalise, parse_field, parse_period
from orchestration.intake.divisions import LEVELS, DivisionTree, code_prefix, levels_of
from orchestration.intake.headers import PERIOD_FIELD
from orchestration.intake.messages import explain, explain_renewed_list, explain_retired


@dataclass(frozen=True)
class Context:
    """What the rows of one file are judged against."""

    template: Template
    scope_code: str
    period: str
    last_day: date
    period_from_name: bool
    tree: DivisionTree
    reading: Reading


@dataclass
class Table:
    """A file's rows while they are judged: normalised text, typed values, and problems found.

    ``retired``: as in ``Reading``. ``exact`` has numbers before rounding.
    ``errors`` and ``warnings`` map a field to codes per row; rows
    are those of ``text``.
    """

    text: pl.DataFrame
    values: pl.DataFrame
    retired: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    exact: dict[str, pl.Series] = field(default_factory=dict)
    errors: dict[str, pl.Series] = field(default_factory=dict)
    warnings: list[tuple[str, str, pl.Series]] = field(default_factory=list)

    def reject(self, field_name: str, mask: pl.Series, code: str) -> None:
        """Add an error where ``mask`` holds and the cell has none yet."""
        new = pl.select(pl.when(mask.fill_null(False)).then(pl.lit(code))).to_series()
        old = self.errors.get(field_name)
        self.errors[field_name] = new if old is None else pl.select(pl.coalesce(old, new)).to_series()

    def good(self) -> pl.Series:
        """Rows without any error so far."""
        flags = [codes.is_null() for codes in self.errors.values()]
        if not flags:
            return pl.Series([True]).new_from_index(0, self.text.height)
        return pl.select(pl.all_horizontal(flags)).to_series()


def data_rows(raw: pl.DataFrame) -> tuple[pl.DataFrame, int, int]:
    """Normalised data rows of a file, and how many blank and total rows were left out."""
    flags = {"row_number", "is_total"} | {c for c in raw.columns if c.endswith("#number")}
    fields = [c for c in raw.columns if c not in flags]
    text = raw.with_columns(normalise(raw[c]) for c in fields)
    blank = text.select(pl.all_horizontal(pl.col(c).is_null() for c in fields)).to_series()
    total = text["is_total"] & ~blank
    return text.filter(~blank & ~total).drop("is_total"), int(blank.sum()), int(total.sum())


def judge(text: pl.DataFrame, context: Context, multipliers: Mapping[str, int]) -> Table:
    """Type every cell and apply every rule of the template to the rows of a file."""
    table = Table(text, pl.DataFrame({"row_number": text["row_number"]}), context.reading.retired)
    _type_cells(table, context, multipliers)
    _check_period(table, context)
    _check_signs(table, context.template)
    if context.template.name == "divisions":
        _check_division_rows(table, context)
    else:
        _check_divisions(table, context)
    _check_keys(table, context.template)
    _warn_birth_dates(table, context.template)
    _warn_events(table, context)
    return table


def problems(table: Table, template: Template) -> pl.DataFrame:
    """One row per problem: row_number, field, severity, code, value, message; in order of rows.

    Warnings are given for rows that are kept only. ``value`` is what the cell holds.
    """
    kept = table.good()
    found = []
    order = {f.name: i for i, f in enumerate(template.fields)} | {PERIOD_FIELD: -1}
    for name, codes in table.errors.items():
        for code in codes.drop_nulls().unique().sort():
            found.append(_problem_rows(table, template, name, codes == code, "error", code))
    for name, code, mask in table.warnings:
        found.append(_problem_rows(table, template, name, mask & kept, "warning", code))
    if not found:
        return pl.DataFrame(schema=_SCHEMA)
    return (
        pl.concat(found)
        .sort("row_number", pl.col("field").replace_strict(order, return_dtype=pl.Int64), "severity", "code")
        .select(*_SCHEMA)
    )


_SCHEMA = {
    "row_number": pl.Int64(),
    "field": pl.String(),
    "severity": pl.String(),
    "code": pl.String(),
    "value": pl.String(),
    "message": pl.String(),
}


def _problem_rows(
    table: Table, template: Template, name: str, mask: pl.Series, severity: str, code: str
) -> pl.DataFrame:
    chosen = table.text.filter(mask.fill_null(False))
    value = pl.col(name) if name in chosen.columns else pl.lit(None, pl.String)
    field_def = None if name == PERIOD_FIELD else template.field(name)
    replacements = table.retired.get(field_def.enum or "") if field_def else None
    if field_def and replacements and code == "retired_label":
        message = value.replace_strict(explain_retired(field_def, replacements))
    elif field_def and replacements and code == "out_of_list":
        message = pl.lit(explain_renewed_list(field_def, replacements))
    else:
        message = pl.lit(explain(code, field_def))
    return chosen.select(
        "row_number",
        field=pl.lit(name),
        severity=pl.lit(severity),
        code=pl.lit(code),
        value=value,
        message=message,
    )


def _type_cells(table: Table, context: Context, multipliers: Mapping[str, int]) -> None:
    height = table.text.height
    columns = []
    for field_def in context.template.fields:
        if field_def.name in table.text.columns:
            text = table.text[field_def.name]
        else:
            text = pl.Series(field_def.name, [None], dtype=pl.String).new_from_index(0, height)
        number = table.text.get_column(f"{field_def.name}#number", default=None)
        field_def = _as_checked(field_def, context.template)
        parsed = parse_field(field_def, text, context.reading, multipliers.get(field_def.name, 1), number)
        columns.append(parsed.values.alias(field_def.name))
        if parsed.exact is not None:
            table.exact[field_def.name] = parsed.exact
        table.errors[field_def.name] = parsed.errors
        table.warnings += [(field_def.name, code, mask) for code, mask in parsed.warnings.items()]
    table.values = table.values.with_columns(columns)


def _as_checked(field_def: Field, template: Template) -> Field:
    # 上级代码 may be blank for the top level of the file: judged with the tree, not cell by cell
    if template.name == "divisions" and field_def.name == "parent_code":
        return field_def.model_copy(update={"required": False})
    return field_def


def _check_period(table: Table, context: Context) -> None:
    if PERIOD_FIELD not in table.text.columns:
        return
    text = table.text[PERIOD_FIELD]
    parsed: Parsed = parse_period(text)
    table.errors[PERIOD_FIELD] = parsed.errors
    table.reject(PERIOD_FIELD, parsed.values != context.period, "period_mismatch")
    if not context.period_from_name:
        table.reject(PERIOD_FIELD, text.is_null(), "required_blank")


def _check_signs(table: Table, template: Template) -> None:
    """A refund (退回) is not positive, any other payment not negative."""
    if template.name != "fund_payments":
        return
    refund = table.values["payment_type"] == "refund"
    amount = table.exact["amount"]
    table.reject("amount", (refund & (amount > 0)) | (~refund & (amount < 0)), "wrong_sign")


def _check_divisions(table: Table, context: Context) -> None:
    """Codes must exist on the period's last day, lie inside the scope, and be of the field's level."""
    inside = context.tree.inside(context.scope_code).to_list()
    level_of = dict(context.tree.divisions.select("division_code", "level").iter_rows())
    for field_def in context.template.fields:
        if field_def.type != "division":
            continue
        codes = table.values[field_def.name]
        levels = codes.replace_strict(level_of, default=None, return_dtype=pl.String)
        table.reject(field_def.name, codes.is_not_null() & levels.is_null(), "unknown_division")
        if field_def.name == context.template.division:
            table.reject(field_def.name, ~codes.is_in(inside), "outside_scope")
        if field_def.level is not None:
            table.reject(field_def.name, levels != field_def.level, "wrong_level")


def _check_division_rows(table: Table, context: Context) -> None:
    """The division template: codes fit scope and level, parents exist one level up, from the top down."""
    values = table.values
    codes, levels, parents = values["division_code"], values["level"], values["parent_code"]
    code_levels = values.select(levels_of(pl.col("division_code"))).to_series()
    prefix = code_prefix(context.scope_code)
    table.reject("division_code", ~codes.str.starts_with(prefix), "outside_scope")
    table.reject("level", codes.is_not_null() & (levels != code_levels), "wrong_level")
    if "village_type" in values.columns:
        is_village = levels == "village"
        table.reject("village_type", is_village & values["village_type"].is_null(), "required_blank")
    # a row that misstates its level, or belongs elsewhere, does not make the level above the file's top
    credible = table.errors["level"].is_null() & table.errors["division_code"].is_null()
    present = [level for level in LEVELS if (credible & (levels == level)).any()]
    top = present[0] if present else ""
    table.reject("parent_code", parents.is_null() & (levels != top), "required_blank")
    # the file speaks for its whole scope: a division there which it leaves out is not known any more
    outside = ~pl.col("division_code").str.starts_with(prefix)
    known = dict(context.tree.divisions.filter(outside).select("division_code", "level").iter_rows())
    # the parent's row must itself be good, so each level waits for the one above it
    for index, level in enumerate(LEVELS):
        upper = LEVELS[index - 1] if index else None
        here = levels == level
        parent_levels = parents.replace_strict(known, default=None, return_dtype=pl.String)
        table.reject("parent_code", here & parents.is_not_null() & parent_levels.is_null(), "unknown_division")
        wrong = parent_levels != upper if upper else parents.is_not_null()
        table.reject("parent_code", here & parents.is_not_null() & wrong, "wrong_parent_level")
        accepted = codes.filter((here & table.good()).fill_null(False))
        known |= dict.fromkeys(accepted.to_list(), level)


def _check_keys(table: Table, template: Template) -> None:
    """Of rows otherwise good the first with a key stays."""
    good = table.good()
    frame = table.values.select(template.key).with_columns(position=pl.int_range(pl.len()))
    again = frame.filter(good).filter(~pl.struct(template.key).is_first_distinct())["position"]
    mask = pl.int_range(0, table.text.height, eager=True).is_in(again.to_list())
    table.reject(template.key[-1], mask, "duplicate_key")


def _warn_birth_dates(table: Table, template: Template) -> None:
    """A birth date that differs from the one inside the id number (15 digits: years 1900–1999)."""
    ids = [f.name for f in template.fields if f.type == "id_number"]
    if not ids or "birth_date" not in {f.name for f in template.fields}:
        return
    number = pl.col(ids[0])
    inside = (
        pl.when(number.str.len_chars() == 15)
        .then(pl.lit("19") + number.str.slice(6, 6))
        .otherwise(number.str.slice(6, 8))
    )
    differs = table.values.select((inside != pl.col("birth_date").dt.strftime("%Y%m%d")).fill_null(False)).to_series()
    table.warnings.append(("birth_date", "birth_date_mismatch", differs))


def _warn_events(table: Table, context: Context) -> None:
    for field_def in context.template.fields:
        if field_def.event:
            later = (table.values[field_def.name] > context.last_day).fill_null(False)
            table.warnings.append((field_def.name, "event_after_period", later))


def accepted_rows(table: Table) -> pl.DataFrame:
    """Typed values of the rows without an error."""
    return table.values.filter(table.good())


def count_rows(found: pl.DataFrame, severities: Sequence[str]) -> int:
    """Distinct rows with a problem of the given severities."""
    return found.filter(pl.col("severity").is_in(severities))["row_number"].n_unique()
