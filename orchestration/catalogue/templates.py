"""The reporting templates: what is handed in, read from ``seeds/templates``."""

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, model_validator

from orchestration.yaml_text import read_yaml

FieldType = Literal[
    "string", "division", "id_number", "enum", "integer", "year",
    "money", "decimal", "percent", "boolean", "date",
]  # fmt: skip

# How each type is kept in the lake. Money is yuan; a percent is a ratio; an enum is its English code.
LAKE_TYPES: dict[str, pl.DataType] = {
    "string": pl.String(),
    "division": pl.String(),
    "id_number": pl.String(),
    "enum": pl.String(),
    "integer": pl.Int64(),
    "year": pl.Int32(),
    "money": pl.Decimal(18, 2),
    "decimal": pl.Decimal(24, 6),
    "percent": pl.Decimal(12, 8),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
}


class Field(BaseModel):
    """One column of a template, in the terms of Frictionless Table Schema."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    type: FieldType
    required: bool = False
    enum: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    unit: str | None = None
    note: str | None = None
    pii: bool = False
    event: bool = False
    """The date of something that happened: a date after the period's end is warned of."""
    warn_above: Decimal | None = None
    level: str | None = None
    """The level a division field must have; any level where None."""


class Template(BaseModel):
    """One reporting template (报送模板)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    position: int
    kind: Literal["snapshot", "journal"]
    reach: Literal["period", "newest", "year"]
    """Which period's rows speak for P: its own, the newest not after P, or the newest of the same year."""
    cover: Literal["period", "newest", "year", "since_first", "own_row"]
    """What makes a village covered at P; ``since_first``: any submission up to P; ``own_row``: its own row."""
    division: str
    key: tuple[str, ...]
    nil_return: bool = True
    """Whether a file without rows (零报告) is accepted."""
    fields: tuple[Field, ...]

    @model_validator(mode="after")
    def _names_exist(self) -> "Template":
        names = {field.name for field in self.fields}
        missing = {self.division, *self.key} - names
        if missing:
            raise ValueError(f"模板 {self.name} 的 division 或 key 引用了不存在的字段:{sorted(missing)}")
        return self

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)

    def lake_schema(self) -> dict[str, pl.DataType]:
        """Columns of the template's files in the lake, in order."""
        return {
            "submission_id": pl.Int64(),
            "row_number": pl.Int64(),
            "received_at": pl.Datetime("us"),
            "period": pl.String(),
            **{field.name: LAKE_TYPES[field.type] for field in self.fields},
        }


@cache
def load_codes(seeds: Path) -> dict[str, dict[str, str]]:
    """Code lists: list name -> Chinese label -> English code."""
    text = (seeds / "templates" / "codes.yml").read_text(encoding="utf-8")
    raw = read_yaml(text)
    return {name: {str(k): str(v) for k, v in values.items()} for name, values in raw.items()}


@cache
def load_templates(seeds: Path) -> dict[str, Template]:
    """All templates by name, in the order of the reporting set."""
    codes = load_codes(seeds)
    templates = [
        Template.model_validate(read_yaml(path.read_text(encoding="utf-8")))
        for path in sorted((seeds / "templates").glob("*.yml"))
        if path.name != "codes.yml"
    ]
    for template in templates:
        for field in template.fields:
            if field.type == "enum" and field.enum not in codes:
                raise ValueError(f"模板 {template.name} 字段 {field.name} 的代码表 {field.enum} 不存在")
    return {template.name: template for template in sorted(templates, key=lambda t: t.position)}
