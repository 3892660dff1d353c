"""Assessment schemes (考核办法): one official document, one file under ``seeds/schemes``, no code."""

from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import Field, model_validator

from orchestration.catalogue.cadences import Cadence
from orchestration.catalogue.elements import (
    Action,
    Checklist,
    Clause,
    Consequence,
    Contradiction,
    Element,
    Figure,
    Grade,
    Milestone,
    Ranking,
    Selection,
    Stage,
    SupportIndicator,
    Target,
    Task,
    Veto,
)
from orchestration.catalogue.indicators import load_indicators, load_reference
from orchestration.catalogue.templates import load_codes, load_templates
from orchestration.errors import GuatuError
from orchestration.yaml_text import read_yaml


class Scheme(Element):
    """One version of one official document."""

    scheme: str
    title: str
    issuer: str
    document_no: str | None = None
    division: str | None = Field(default=None, pattern=r"^\d{12}$")
    """Where it applies; empty where the document does not say: such a scheme holds for nobody until a code is given."""
    division_note: str | None = None
    """How the division was found, where the document does not name it in full."""
    valid_from: date
    valid_to: date
    dates_note: str | None = None
    """Where the dates come from."""
    replaces: str | None = None
    """The scheme this one is the next version of."""
    source: str
    requires: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    targets: tuple[Target, ...] = ()
    rankings: tuple[Ranking, ...] = ()
    support_unit_indicators: tuple[SupportIndicator, ...] = ()
    grades: tuple[Grade, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    tasks: tuple[Task, ...] = ()
    lists: tuple[Selection, ...] = ()
    cadences: tuple[Cadence, ...] = ()
    figures: tuple[Figure, ...] = ()
    checklists: tuple[Checklist, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    clauses: tuple[Clause, ...]

    @model_validator(mode="after")
    def _runs_forward(self) -> "Scheme":
        if self.valid_to < self.valid_from:
            raise ValueError(f"方案 {self.scheme} 的施行止早于施行起")
        return self

    def elements(self) -> dict[str, tuple]:
        """Every kind of element that has codes: the singular word a clause uses → the elements."""
        return {
            "stage": self.stages,
            "milestone": self.milestones,
            "target": self.targets,
            "ranking": self.rankings,
            "support": self.support_unit_indicators,
            "grade": self.grades,
            "veto": self.vetoes,
            "task": self.tasks,
            "list": self.lists,
            "cadence": self.cadences,
            "figure": self.figures,
            "checklist": self.checklists,
        }

    def actions(self) -> tuple[Action, ...]:
        return tuple(action for ranking in self.rankings for action in ranking.actions)

    def consequences(self) -> tuple[Consequence, ...]:
        """Everything that may happen to somebody under this scheme."""
        missed = [outcome for target in self.targets for outcome in target.missed]
        sources = (*self.actions(), *missed, *self.grades, *self.vetoes)
        return tuple(consequence for source in sources for consequence in source.consequences)


def cited_clauses(scheme: Scheme) -> set[str]:
    """Ids of all clauses that elements of the scheme rest on."""
    cited = {element.clause for elements in scheme.elements().values() for element in elements}
    cited |= {action.clause for action in scheme.actions()}
    cited |= {outcome.clause for target in scheme.targets for outcome in target.missed}
    cited |= {exemption.clause for ranking in scheme.rankings for exemption in ranking.exempt}
    return cited | {grade.consequence_clause for grade in scheme.grades if grade.consequence_clause}


def unlisted_clauses(scheme: Scheme) -> list[str]:
    """Clauses that elements rest on but the scheme does not list."""
    return sorted(cited_clauses(scheme) - {clause.id for clause in scheme.clauses})


def doubled_codes(scheme: Scheme) -> list[str]:
    """Codes and clause ids that stand twice, as ``kind code``. A target may repeat for other village classes."""
    seen: Counter[str] = Counter(f"clause {clause.id}" for clause in scheme.clauses)
    for kind, elements in scheme.elements().items():
        if kind != "target":
            seen.update(f"{kind} {element.code}" for element in elements)
    seen.update(
        f"target {target.code}({level}{' ' + village_type if village_type else ''})"
        for target in scheme.targets
        for level in target.levels
        for village_type in target.village_types or ("",)
    )
    used = Counter(target.code for target in scheme.targets)
    own = {target.code for target in scheme.targets if target.missed}
    seen.update({f"target {code}(写有 missed 的目标须有自己的 name)": used[code] for code in own})
    return sorted(name for name, times in seen.items() if times > 1)


def unknown_terms(scheme: Scheme, seeds: Path) -> dict[str, list[str]]:
    """What the scheme names and the catalogue does not know, by kind of thing (Chinese); empty where all is known."""
    used = {each.indicator for each in (*scheme.milestones, *scheme.targets, *scheme.support_unit_indicators)}
    used |= {element.indicator for element in (*scheme.rankings, *scheme.figures) if element.indicator}
    used |= {item.indicator for ranking in scheme.rankings for item in ranking.items}
    used |= {indicator for ranking in scheme.rankings for indicator in ranking.tie_breaks}
    consequences = scheme.consequences()
    problems = {
        "指标": used - set(load_indicators(seeds)["indicator_code"]),
        "村属性": {
            each
            for classed in (*scheme.targets, *(c for ranking in scheme.rankings for c in ranking.classes))
            for each in classed.village_types
        }
        - set(load_codes(seeds)["village_type"].values()),
        "模板": set(scheme.requires) - set(load_templates(seeds)),
        "奖惩种类": {c.kind for c in consequences} - set(load_reference(seeds, "consequences")["kind"]),
        "奖惩对象": {c.object for c in consequences} - set(load_reference(seeds, "objects")["object"]),
        "一票否决事项": {grade.needs_veto for grade in scheme.grades if grade.needs_veto}
        - {veto.code for veto in scheme.vetoes},
    }
    return {name: sorted(unknown) for name, unknown in problems.items() if unknown}


def badly_weighted(scheme: Scheme) -> list[str]:
    """Rankings by weighted items whose weights do not add up to 100."""
    return [r.code for r in scheme.rankings if r.items and sum(item.weight for item in r.items) != 100]


def uncountable_items(scheme: Scheme, seeds: Path) -> list[str]:
    """Indicators of weighted items that are no percentages: only those can be added up with weights."""
    indicators = load_indicators(seeds)
    rates = set(indicators.filter(indicators["unit"] == "%")["indicator_code"])
    return sorted({item.indicator for ranking in scheme.rankings for item in ranking.items} - rates)


def unrankable_indicators(scheme: Scheme, seeds: Path) -> list[str]:
    """Indicators of support units that are no percentages where more is better: only those are ranked from the top."""
    indicators = load_indicators(seeds)
    rankable = indicators.filter((indicators["unit"] == "%") & (indicators["better"] == "higher"))["indicator_code"]
    return sorted({each.indicator for each in scheme.support_unit_indicators} - set(rankable))


def overlaps(one: Scheme, other: Scheme) -> bool:
    """Whether both are in force on some day."""
    return one.valid_from <= other.valid_to and other.valid_from <= one.valid_to


def same_document(one: Scheme, other: Scheme) -> bool:
    """Whether they are versions of one document: the same code, or one replaces the other."""
    return one.scheme == other.scheme or one.replaces == other.scheme or other.replaces == one.scheme


def read_scheme(path: Path) -> Scheme:
    """One scheme file. Raises ValueError (also pydantic's and YAML's) where it cannot be read."""
    try:
        return Scheme.model_validate(read_yaml(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise ValueError(f"{path.name} 不是有效的 YAML:{error}") from error


def _refuse(scheme: Scheme, seeds: Path) -> None:
    """What would make the tables of the catalogue contradict each other."""
    problems = [f"{name}不在目录内:{unknown}" for name, unknown in unknown_terms(scheme, seeds).items()]
    problems += [f"引用了未列出的条款:{unlisted}" for unlisted in [unlisted_clauses(scheme)] if unlisted]
    problems += [f"代码重复:{doubled}" for doubled in [doubled_codes(scheme)] if doubled]
    problems += [f"权重之和不为 100:{codes}" for codes in [badly_weighted(scheme)] if codes]
    problems += [f"加权项不是百分比指标:{codes}" for codes in [uncountable_items(scheme, seeds)] if codes]
    problems += [
        f"包村单位的指标不是以高为好的百分比指标:{codes}" for codes in [unrankable_indicators(scheme, seeds)] if codes
    ]
    if problems:
        raise ValueError(f"方案 {scheme.scheme} " + ";".join(problems))


def _admit(path: Path, others: dict[str, Scheme], seeds: Path) -> Scheme:
    """One scheme file beside those already read. Raises ValueError where it cannot stand there."""
    scheme = read_scheme(path)
    _refuse(scheme, seeds)
    if scheme.scheme in others:
        raise ValueError(f"方案代码 {scheme.scheme} 有两个文件;新一版请另取代码")
    for other in others.values():
        if same_document(scheme, other) and overlaps(scheme, other):
            raise ValueError(f"方案 {scheme.scheme} 与 {other.scheme} 是同一文件的两版,施行期重叠")
    return scheme


@cache
def load_schemes(seeds: Path) -> dict[str, Scheme]:
    """All schemes by code. Raises GuatuError ``scheme_invalid`` naming the file and what is wrong with it."""
    schemes: dict[str, Scheme] = {}
    for path in sorted((seeds / "schemes").glob("*.yml")):
        try:
            scheme = _admit(path, schemes, seeds)
        except ValueError as error:
            raise GuatuError(
                "scheme_invalid",
                f"考核办法文件 {path.name} 有错:{' '.join(str(error).split())[:300]}。"
                f"请运行 guatu scheme lint {path} 查看并改正",
                f"scheme file {path.name} is invalid; run guatu scheme lint on it",
            ) from error
        schemes[scheme.scheme] = scheme
    return schemes
