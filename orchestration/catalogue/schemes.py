"""Assessment schemes (考核办法): one official document, one file under ``seeds/schemes``, no code."""

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from orchestration.catalogue.indicators import load_indicators, load_reference
from orchestration.catalogue.templates import load_templates

Operator = Literal["<", "<=", ">", ">="]
Level = Literal["province", "prefecture", "county", "township", "village"]


class Element(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Clause(Element):
    """One sentence of the document and what carries it."""

    id: str
    title: str
    kind: str
    quote: str
    element: str | None = None
    """The element that computes it, e.g. ``milestone start_rate@06-30``."""
    not_computable: str | None = None
    """Why nothing can be computed, where nothing can."""


class Milestone(Element):
    """An indicator to be reached by a date, absolutely or above the average of a level."""

    indicator: str
    checkpoint: str = Field(pattern=r"^\d\d-\d\d$")
    title: str
    levels: tuple[Level, ...]
    operator: Operator
    threshold: Decimal
    above_average_of: Level | None = None
    clause: str

    @property
    def code(self) -> str:
        return f"{self.indicator}@{self.checkpoint}"


class Band(Element):
    operator: Operator
    value: Decimal


class Target(Element):
    """An indicator's bands: floor 底线, target 目标, stretch 争取."""

    indicator: str
    title: str
    levels: tuple[Level, ...]
    village_types: tuple[str, ...] = ()
    """Village classes it holds for; all where empty."""
    strength: Literal["确保", "力争", "争取"] = "确保"
    floor: Band | None = None
    target: Band | None = None
    stretch: Band | None = None
    clause: str


class Consequence(Element):
    object: str
    kind: str
    amount: Decimal | None = None


class Action(Element):
    """What follows from a place in a ranking."""

    clause: str
    trigger: Literal["top", "last", "lagging"]
    n: int = Field(ge=1)
    periods: int = 1
    """For ``lagging``: consecutive periods below the even pace, or past a missed milestone, among the last n."""
    consequences: tuple[Consequence, ...]


class Ranking(Element):
    """Who is ranked, how often and by what: a round's 综合得分, or an indicator."""

    code: str
    title: str
    unit_level: Level
    population: str = Field(pattern=r"^\d{12}$")
    frequency: Literal["round", "month"]
    round: str | None = None
    indicator: str | None = None
    decimals: int = 2
    clause: str
    actions: tuple[Action, ...] = ()

    @model_validator(mode="after")
    def _one_score(self) -> "Ranking":
        if (self.round is None) == (self.indicator is None):
            raise ValueError(f"排名 {self.code} 须且只须写明 round 或 indicator 之一")
        return self


class Task(Element):
    """A yearly quantity no template measures: 目标在年度目标任务表, 进展在部门填报指标表."""

    code: str
    title: str
    quantity: Decimal | None = None
    unit: str
    due: str
    clause: str


class Selection(Element):
    """A list published each period, e.g. 月度重点村, 逾期整改."""

    code: str
    title: str
    selects: Literal["key_villages", "overdue_projects", "overdue_rectifications", "loans_due", "recallable_receipts"]
    clause: str


class Scheme(Element):
    """One version of one official document."""

    scheme: str
    title: str
    issuer: str
    document_no: str | None = None
    division: str = Field(pattern=r"^\d{12}$")
    valid_from: date
    valid_to: date
    source: str
    requires: tuple[str, ...]
    milestones: tuple[Milestone, ...] = ()
    targets: tuple[Target, ...] = ()
    rankings: tuple[Ranking, ...] = ()
    tasks: tuple[Task, ...] = ()
    lists: tuple[Selection, ...] = ()
    clauses: tuple[Clause, ...]

    @model_validator(mode="after")
    def _clauses_exist(self) -> "Scheme":
        known = {clause.id for clause in self.clauses}
        elements = (*self.milestones, *self.targets, *self.rankings, *self.tasks, *self.lists)
        cited = {element.clause for element in elements}
        cited |= {action.clause for ranking in self.rankings for action in ranking.actions}
        if cited - known:
            raise ValueError(f"方案 {self.scheme} 引用了未列出的条款:{sorted(cited - known)}")
        return self


def _check_terms(scheme: Scheme, seeds: Path) -> None:
    """Every indicator, template, object and kind a scheme names must be in the catalogue."""
    indicators = set(load_indicators(seeds)["indicator_code"])
    used = {element.indicator for element in (*scheme.milestones, *scheme.targets)}
    used |= {ranking.indicator for ranking in scheme.rankings if ranking.indicator}
    kinds = set(load_reference(seeds, "consequences")["kind"])
    objects = set(load_reference(seeds, "objects")["object"])
    consequences = [c for r in scheme.rankings for a in r.actions for c in a.consequences]
    problems = {
        "指标": used - indicators,
        "模板": set(scheme.requires) - set(load_templates(seeds)),
        "奖惩种类": {c.kind for c in consequences} - kinds,
        "奖惩对象": {c.object for c in consequences} - objects,
    }
    for name, unknown in problems.items():
        if unknown:
            raise ValueError(f"方案 {scheme.scheme} 引用的{name}不在目录内:{sorted(unknown)}")


@cache
def load_schemes(seeds: Path) -> dict[str, Scheme]:
    """All schemes by code. Raises ValueError naming the file's scheme and what is wrong."""
    schemes = {}
    for path in sorted((seeds / "schemes").glob("*.yml")):
        scheme = Scheme.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        _check_terms(scheme, seeds)
        schemes[scheme.scheme] = scheme
    return schemes
