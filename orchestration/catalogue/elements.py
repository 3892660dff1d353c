"""The elements an assessment scheme is made of: what each says, and nothing about files or checks."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Operator = Literal["<", "<=", ">", ">="]
Level = Literal["province", "prefecture", "county", "township", "village"]
UnitLevel = Literal["province", "prefecture", "county", "township", "village", "support_unit"]
"""Who may be ranked: divisions, or support units (包扶、县直单位), which are not divisions."""


class Element(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Clause(Element):
    """One sentence of the document and what carries it."""

    id: str
    title: str
    kind: str
    quote: str
    element: str | None = None
    """The elements that carry it: ``milestone start_rate@06-30, target industry_share(说明)``."""
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


class Consequence(Element):
    """What happens to whom: a proposal, never a decision."""

    object: str
    kind: str
    amount: Decimal | None = None
    """Yuan, reward positive, deduction negative; empty where no money moves or the sum is not published."""
    amount_to: Decimal | None = None
    """Upper end where the document gives a range (2-10 万元)."""
    effect_years: int | None = Field(default=None, ge=0)
    """Years after the assessed one in which it still holds (次年不得提拔: 1); empty: only when imposed."""
    condition: str | None = None
    """What else must hold, in the document's words (工作仍无改进)."""


class MissedTarget(Element):
    """What follows where a target is missed."""

    clause: str
    consequences: tuple[Consequence, ...]


class Target(Element):
    """An indicator's bands: floor 底线, target 目标, stretch 争取."""

    indicator: str
    name: str | None = None
    """Own code where one indicator stands in several targets; else the indicator's."""
    title: str
    levels: tuple[Level, ...]
    village_types: tuple[str, ...] = ()
    """Village classes it holds for; all where empty."""
    strength: Literal["确保", "力争", "争取"] = "确保"
    floor: Band | None = None
    target: Band | None = None
    stretch: Band | None = None
    clause: str
    missed: tuple[MissedTarget, ...] = ()

    @property
    def code(self) -> str:
        return self.name or self.indicator


class Action(Element):
    """What follows from a place in a ranking."""

    clause: str
    trigger: Literal["top", "last", "lagging"]
    n: int = Field(ge=1)
    periods: int = 1
    """For ``lagging``: consecutive periods below the even pace, or past a missed milestone, among the last n."""
    consequences: tuple[Consequence, ...]


class Item(Element):
    """One indicator of a weighted score; weights of a ranking add up to 100."""

    indicator: str
    weight: Decimal = Field(gt=0)


class RankClass(Element):
    """Units ranked among themselves: villages of a kind (贫困村), or divisions by code (山区乡镇)."""

    code: str
    title: str
    village_types: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _names_its_units(self) -> "RankClass":
        if bool(self.village_types) == bool(self.divisions):
            raise ValueError(f"排名类别 {self.code} 须且只须写明 village_types、divisions 之一")
        return self


class Exemption(Element):
    """A unit that is not ranked, and why (因灾停报, 新设乡镇)."""

    division: str = Field(pattern=r"^\d{12}$")
    reason: str
    clause: str


class Ranking(Element):
    """Who is ranked, how often and by what: an imported 综合得分, one indicator, or weighted items."""

    code: str
    title: str
    unit_level: UnitLevel
    population: str = Field(pattern=r"^\d{12}$")
    frequency: Literal["round", "month", "year"]
    round: str | None = None
    """Round of the result sheet whose score counts: ``2018-07``, of a yearly assessment ``2016``."""
    indicator: str | None = None
    items: tuple[Item, ...] = ()
    decimals: int = Field(2, ge=0, le=2)
    classes: tuple[RankClass, ...] = ()
    """Ranked inside their class; a unit of none is not ranked. All together where empty."""
    tie_breaks: tuple[str, ...] = Field((), max_length=3)
    """Indicators that decide between equal scores, in order; one not known of all the equal decides nothing."""
    exempt: tuple[Exemption, ...] = ()
    clause: str
    actions: tuple[Action, ...] = ()

    @model_validator(mode="after")
    def _one_score(self) -> "Ranking":
        if sum((self.round is not None, self.indicator is not None, bool(self.items))) != 1:
            raise ValueError(f"排名 {self.code} 须且只须写明 round、indicator、items 之一")
        if (self.frequency == "round" and self.round is None) or (self.frequency == "month" and self.round):
            raise ValueError(f"排名 {self.code} 的 frequency 为 round 时须写 round,为 month 时不写")
        return self


class SupportIndicator(Element):
    """An indicator support units (包村单位) are ranked by, over the villages they stand behind."""

    indicator: str
    title: str
    """What the document calls it (脱贫质量)."""
    clause: str

    @property
    def code(self) -> str:
        return self.indicator


class Task(Element):
    """A yearly quantity no template measures: 目标在年度目标任务表, 进展在部门填报指标表."""

    code: str
    title: str
    quantity: Decimal | None = None
    unit: str
    due: str = Field(pattern=r"^\d{4}-\d\d-\d\d$")
    clause: str


class Selection(Element):
    """A list published each period, e.g. 月度重点村, 逾期整改."""

    code: str
    title: str
    selects: Literal["key_villages", "overdue_projects", "overdue_rectifications", "loans_due", "recallable_receipts"]
    clause: str


class Figure(Element):
    """A published number, kept for reconciliation; a redacted one has no value, which is not 0."""

    code: str
    title: str
    value: Decimal | None = None
    unit: str
    state: Literal["value", "approximate", "redacted"] = "value"
    indicator: str | None = None
    """The indicator it can be reconciled with; without one, what a department reports under the figure's own code."""
    part: Literal["value", "numerator", "denominator"] = "value"
    """What of the indicator: its value, or what a rate counts above or below the line (达标村 31 个 of 68)."""
    tolerance: Decimal | None = Field(default=None, ge=0)
    """How far off an approximate number may be, in its own unit (约 2.3 万人: 500)."""
    clause: str

    @model_validator(mode="after")
    def _redacted_has_no_value(self) -> "Figure":
        if (self.value is None) != (self.state == "redacted"):
            raise ValueError(f"数字 {self.code}:原文缺失的写 state: redacted 且不写 value,其余须写 value")
        return self

    @model_validator(mode="after")
    def _tolerance_of_the_approximate(self) -> "Figure":
        if self.tolerance is not None and self.state != "approximate":
            raise ValueError(f"数字 {self.code}:只有约数(state: approximate)可写 tolerance")
        if self.tolerance is None and self.state == "approximate" and self.indicator:
            raise ValueError(f"数字 {self.code}:与指标核对的约数须写 tolerance(允许的误差)")
        return self

    @model_validator(mode="after")
    def _part_of_an_indicator(self) -> "Figure":
        if self.part != "value" and self.indicator is None:
            raise ValueError(f"数字 {self.code}:写了 part 的须写 indicator(取哪个指标的分子、分母)")
        return self


class Stage(Element):
    """A named stretch of time inside the scheme."""

    code: str
    title: str
    start: date
    end: date
    clause: str

    @model_validator(mode="after")
    def _runs_forward(self) -> "Stage":
        if self.end < self.start:
            raise ValueError(f"阶段 {self.code} 的结束早于开始")
        return self


class Grade(Element):
    """A class of the yearly assessment, best first; ``cut`` is its least score where published."""

    code: str
    title: str
    position: int = Field(ge=1)
    objects: str
    """Who is graded, in the document's words."""
    cut: Decimal | None = None
    share: Decimal | None = Field(default=None, gt=0, le=1)
    """Share of the ranked units that get it, counted from the top; where neither is published people grade."""
    needs_veto: str | None = None
    """A veto without which the grade is not given."""
    clause: str
    consequences: tuple[Consequence, ...] = ()
    consequence_clause: str | None = None


class Veto(Element):
    """一票否决: no reward whatever the rank, lowest grade, and the consequences named."""

    code: str
    title: str
    condition: str
    """When it is found, in the document's words."""
    clause: str
    consequences: tuple[Consequence, ...] = ()


class Checklist(Element):
    """Named things to be gone through one by one (十项重点工作, 四张清单)."""

    code: str
    title: str
    items: tuple[str, ...] = Field(min_length=1)
    clause: str


class Contradiction(Element):
    """Where the document disagrees with itself; told by the linter, never mended silently."""

    title: str
    quotes: tuple[str, ...] = Field(min_length=1)
    note: str
    """The reading taken, and why."""
