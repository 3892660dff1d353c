"""Assessment schemes as tables: one per kind of element, as dbt reads them."""

from collections.abc import Callable, Iterable

import polars as pl

from orchestration.catalogue.elements import Consequence
from orchestration.catalogue.schemes import Scheme

TEXT, DATE, WHOLE = pl.String(), pl.Date(), pl.Int32()
NUMBER = pl.Decimal(24, 8)
MONEY = pl.Decimal(18, 2)

Schema = dict[str, pl.DataType]
Rows = Iterable[dict]


def _text(*names: str) -> Schema:
    return dict.fromkeys(names, TEXT)


def _state(element: str | None, not_computable: str | None) -> str:
    return "carried" if element else "not_computable" if not_computable else "todo"


def _head(scheme: Scheme) -> Rows:
    fields = {"scheme", "title", "issuer", "document_no", "valid_from", "valid_to", "source", "replaces"}
    note = ";".join(note for note in (scheme.division_note, scheme.dates_note) if note) or None
    yield scheme.model_dump(include=fields) | {"division_code": scheme.division, "note": note}


def _clauses(scheme: Scheme) -> Rows:
    for clause in scheme.clauses:
        yield {
            "clause_id": clause.id,
            "title": clause.title,
            "kind": clause.kind,
            "element": clause.element or clause.not_computable,
            "quote": clause.quote,
            "source": scheme.source,
            "state": _state(clause.element, clause.not_computable),
        }


def _milestones(scheme: Scheme) -> Rows:
    for milestone in scheme.milestones:
        for level in milestone.levels:
            yield {
                "milestone": milestone.code,
                "title": milestone.title,
                "indicator_code": milestone.indicator,
                "checkpoint_md": milestone.checkpoint,
                "level": level,
                "operator": milestone.operator,
                "threshold": milestone.threshold,
                "benchmark_level": milestone.above_average_of,
                "clause_id": milestone.clause,
            }


def _targets(scheme: Scheme) -> Rows:
    for target in scheme.targets:
        bands = {"floor": target.floor, "target": target.target, "stretch": target.stretch}
        sides = {f"{name}_operator": band.operator if band else None for name, band in bands.items()}
        values = {f"{name}_value": band.value if band else None for name, band in bands.items()}
        for level in target.levels:
            for village_type in target.village_types or (None,):
                yield {
                    "target": target.code,
                    "title": target.title,
                    "indicator_code": target.indicator,
                    "level": level,
                    "village_type": village_type,
                    "strength": target.strength,
                    "clause_id": target.clause,
                    **sides,
                    **values,
                }


def _rankings(scheme: Scheme) -> Rows:
    for ranking in scheme.rankings:
        yield {
            "ranking": ranking.code,
            "title": ranking.title,
            "unit_level": ranking.unit_level,
            "population_code": ranking.population,
            "frequency": ranking.frequency,
            "round": ranking.round,
            "indicator_code": ranking.indicator,
            "decimals": ranking.decimals,
            "clause_id": ranking.clause,
        }


def _items(scheme: Scheme) -> Rows:
    for ranking in scheme.rankings:
        for item in ranking.items:
            yield {"ranking": ranking.code, "indicator_code": item.indicator, "weight": item.weight}


def _classes(scheme: Scheme) -> Rows:
    for ranking in scheme.rankings:
        for each in ranking.classes:
            row = {"ranking": ranking.code, "class": each.code, "title": each.title}
            yield from (row | {"village_type": village_type} for village_type in each.village_types)
            yield from (row | {"division_code": code} for code in each.divisions)


def _tie_breaks(scheme: Scheme) -> Rows:
    for ranking in scheme.rankings:
        for position, indicator in enumerate(ranking.tie_breaks, start=1):
            yield {"ranking": ranking.code, "position": position, "indicator_code": indicator}


def _exemptions(scheme: Scheme) -> Rows:
    for ranking in scheme.rankings:
        for each in ranking.exempt:
            row = {"division_code": each.division, "reason": each.reason, "clause_id": each.clause}
            yield {"ranking": ranking.code} | row


def _support_indicators(scheme: Scheme) -> Rows:
    for each in scheme.support_unit_indicators:
        yield {"indicator_code": each.indicator, "title": each.title, "clause_id": each.clause}


def _consequence(consequence: Consequence) -> dict:
    return consequence.model_dump(include={"object", "kind", "amount"})


def _actions(scheme: Scheme) -> Rows:
    for ranking in scheme.rankings:
        for action in ranking.actions:
            for consequence in action.consequences:
                yield {
                    "ranking": ranking.code,
                    "clause_id": action.clause,
                    "trigger": action.trigger,
                    "n": action.n,
                    "periods": action.periods,
                    **_consequence(consequence),
                }


def _outcomes(scheme: Scheme) -> Rows:
    """Consequences of a missed target, a grade or a veto: those not of a place in a ranking."""
    sources = [("target_missed", t.code, m.clause, m.consequences) for t in scheme.targets for m in t.missed]
    sources += [("grade", g.code, g.consequence_clause or g.clause, g.consequences) for g in scheme.grades]
    sources += [("veto", v.code, v.clause, v.consequences) for v in scheme.vetoes]
    for trigger, code, clause, consequences in sources:
        for consequence in consequences:
            yield {
                "trigger": trigger,
                "code": code,
                "clause_id": clause,
                **_consequence(consequence),
                "amount_to": consequence.amount_to,
                "effect_years": consequence.effect_years,
                "condition": consequence.condition,
            }


def _tasks(scheme: Scheme) -> Rows:
    for task in scheme.tasks:
        yield task.model_dump(include={"title", "quantity", "unit"}) | {"task": task.code, "clause_id": task.clause}


def _lists(scheme: Scheme) -> Rows:
    for item in scheme.lists:
        yield {"list": item.code, "title": item.title, "selects": item.selects, "clause_id": item.clause}


def _required(scheme: Scheme) -> Rows:
    for template in scheme.requires:
        yield {"template": template}


def _figures(scheme: Scheme) -> Rows:
    for figure in scheme.figures:
        yield figure.model_dump(include={"title", "value", "unit", "state", "tolerance"}) | {
            "figure": figure.code,
            "indicator_code": figure.indicator,
            "part": figure.part,
            "clause_id": figure.clause,
        }


def _cadences(scheme: Scheme) -> Rows:
    for cadence in scheme.cadences:
        yield {
            "cadence": cadence.code,
            "title": cadence.title,
            "sender": cadence.sender,
            "sender_level": cadence.sender_level,
            "recipients": "、".join(cadence.recipients) or None,
            "recipient_count": len(cadence.recipients),
            "every": cadence.every,
            "times": cadence.times,
            "due": cadence.when,
            "clause_id": cadence.clause,
        }


def _stages(scheme: Scheme) -> Rows:
    for stage in scheme.stages:
        yield {
            "stage": stage.code,
            "title": stage.title,
            "starts_on": stage.start,
            "ends_on": stage.end,
            "clause_id": stage.clause,
        }


def _grades(scheme: Scheme) -> Rows:
    for grade in scheme.grades:
        yield grade.model_dump(include={"title", "position", "objects", "cut", "share", "needs_veto"}) | {
            "grade": grade.code,
            "clause_id": grade.clause,
        }


def _vetoes(scheme: Scheme) -> Rows:
    for veto in scheme.vetoes:
        yield {"veto": veto.code, "title": veto.title, "condition": veto.condition, "clause_id": veto.clause}


def _checklists(scheme: Scheme) -> Rows:
    for checklist in scheme.checklists:
        for position, item in enumerate(checklist.items, start=1):
            yield {
                "checklist": checklist.code,
                "title": checklist.title,
                "position": position,
                "item": item,
                "clause_id": checklist.clause,
            }


TABLES: dict[str, tuple[Callable[[Scheme], Rows], Schema]] = {
    "schemes": (
        _head,
        _text("title", "issuer", "document_no", "division_code")
        | {"valid_from": DATE, "valid_to": DATE}
        | _text("source", "replaces", "note"),
    ),
    "scheme_clauses": (_clauses, _text("clause_id", "title", "kind", "element", "quote", "source", "state")),
    "scheme_milestones": (
        _milestones,
        _text("milestone", "title", "indicator_code", "checkpoint_md", "level", "operator")
        | {"threshold": NUMBER}
        | _text("benchmark_level", "clause_id"),
    ),
    "scheme_targets": (
        _targets,
        _text("target", "title", "indicator_code", "level", "village_type", "strength", "clause_id")
        | _text("floor_operator", "target_operator", "stretch_operator")
        | {"floor_value": NUMBER, "target_value": NUMBER, "stretch_value": NUMBER},
    ),
    "scheme_rankings": (
        _rankings,
        _text("ranking", "title", "unit_level", "population_code", "frequency", "round", "indicator_code")
        | {"decimals": WHOLE}
        | _text("clause_id"),
    ),
    "scheme_ranking_items": (_items, _text("ranking", "indicator_code") | {"weight": NUMBER}),
    "scheme_classes": (_classes, _text("ranking", "class", "title", "village_type", "division_code")),
    "scheme_tie_breaks": (_tie_breaks, _text("ranking") | {"position": WHOLE} | _text("indicator_code")),
    "scheme_exemptions": (_exemptions, _text("ranking", "division_code", "reason", "clause_id")),
    "scheme_support_indicators": (_support_indicators, _text("indicator_code", "title", "clause_id")),
    "scheme_actions": (
        _actions,
        _text("ranking", "clause_id", "trigger")
        | {"n": WHOLE, "periods": WHOLE}
        | _text("object", "kind")
        | {"amount": MONEY},
    ),
    "scheme_outcomes": (
        _outcomes,
        _text("trigger", "code", "clause_id", "object", "kind")
        | {"amount": MONEY, "amount_to": MONEY, "effect_years": WHOLE}
        | _text("condition"),
    ),
    "scheme_tasks": (_tasks, _text("task", "title") | {"quantity": NUMBER} | _text("unit", "clause_id")),
    "scheme_lists": (_lists, _text("list", "title", "selects", "clause_id")),
    "scheme_templates": (_required, _text("template")),
    "scheme_figures": (
        _figures,
        _text("figure", "title")
        | {"value": NUMBER}
        | _text("unit", "state")
        | {"tolerance": NUMBER}
        | _text("indicator_code", "part", "clause_id"),
    ),
    "scheme_cadences": (
        _cadences,
        _text("cadence", "title", "sender", "sender_level", "recipients")
        | {"recipient_count": WHOLE}
        | _text("every")
        | {"times": WHOLE}
        | _text("due", "clause_id"),
    ),
    "scheme_stages": (_stages, _text("stage", "title") | {"starts_on": DATE, "ends_on": DATE} | _text("clause_id")),
    "scheme_grades": (
        _grades,
        _text("grade", "title")
        | {"position": WHOLE}
        | _text("objects")
        | {"cut": NUMBER, "share": NUMBER}
        | _text("needs_veto", "clause_id"),
    ),
    "scheme_vetoes": (_vetoes, _text("veto", "title", "condition", "clause_id")),
    "scheme_checklists": (
        _checklists,
        _text("checklist", "title") | {"position": WHOLE} | _text("item", "clause_id"),
    ),
}
"""Table name → (rows of one scheme, columns after ``scheme``)."""


def scheme_tables(schemes: Iterable[Scheme]) -> dict[str, pl.DataFrame]:
    """All tables of the schemes by name; ``scheme`` is the first column of each."""
    schemes = list(schemes)
    return {
        name: pl.DataFrame(
            [{"scheme": scheme.scheme} | row for scheme in schemes for row in rows_of(scheme)],
            schema=_text("scheme") | schema,
            orient="row",
        )
        for name, (rows_of, schema) in TABLES.items()
    }
