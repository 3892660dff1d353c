"""Which rows and columns of a mart are whose, as data (``seeds/access/marts.yml``)."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from orchestration.yaml_text import read_yaml

RowRule = Literal["all", "own", "own_and_above", "taking_part", "by_submission"]
Treatment = Literal["keep", "code", "hundreds", "withheld"]


class Except(BaseModel):
    """Rows whose ``column`` has one of ``values`` are about no household or person."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str
    values: tuple[str, ...]


class Personal(BaseModel):
    """How rows about households and persons read without a purpose; columns not named are left empty."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unless: Except | None = None
    columns: dict[str, Treatment]


class MartRule(BaseModel):
    """The rule of one mart; see the head of the file for the words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rows: RowRule
    division: str | None = None
    units: Literal["by_scheme"] | None = None
    same: tuple[str, ...] = ()
    personal: Personal | None = None

    @model_validator(mode="after")
    def _complete(self) -> "MartRule":
        if (self.division is None) != (self.rows in ("all", "by_submission")):
            raise ValueError("rows own, own_and_above and taking_part need a division column, the others none")
        if bool(self.same) != (self.rows == "taking_part"):
            raise ValueError("rows taking_part, and only they, need the columns of the same ranking")
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    marts: dict[str, MartRule]


@cache
def load_rules(seeds: Path) -> dict[str, MartRule]:
    """Rules by mart, read once a process."""
    return _File.model_validate(read_yaml(_path(seeds).read_text(encoding="utf-8"))).marts


@cache
def rules_version(seeds: Path) -> str:
    """Changes with every change of the rules, so that no file cut by older rules is used again."""
    return hashlib.sha256(_path(seeds).read_bytes()).hexdigest()


def _path(seeds: Path) -> Path:
    return seeds / "access" / "marts.yml"
