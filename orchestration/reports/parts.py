"""The parts a kind of document may be put together from, by the names ``seeds/reports`` uses."""

from collections.abc import Callable

from orchestration.reports import wording
from orchestration.reports.asks import asks
from orchestration.reports.blocks import Column, Section, Table
from orchestration.reports.checkpoints import checkpoints
from orchestration.reports.checkup import checkup
from orchestration.reports.consequences import consequences
from orchestration.reports.context import Context
from orchestration.reports.document import Annex
from orchestration.reports.overview import overview
from orchestration.reports.proposals import proposal_facts, proposal_record, settlement, signing, signing_sheet
from orchestration.reports.public import public_decisions, public_figures, public_milestones, public_standing
from orchestration.reports.quality import quality
from orchestration.reports.quarter import (
    quarter_checkpoints,
    quarter_consequences,
    quarter_indicators,
    quarter_standing,
)
from orchestration.reports.red_black import red_black
from orchestration.reports.returned import returned
from orchestration.reports.standing import standing
from orchestration.reports.supervision import supervision_lists

SECTIONS: dict[str, Callable[[Context], list[Section]]] = {
    "overview": lambda context: [overview(context.facts)],
    "standing": lambda context: [standing(context.facts)],
    "checkpoints": lambda context: [checkpoints(context.facts)],
    "consequences": lambda context: [consequences(context.facts)],
    "asks": lambda context: asks(context.facts),
    "quality": lambda context: [quality(context.facts)],
    "quarter_indicators": quarter_indicators,
    "quarter_standing": quarter_standing,
    "quarter_checkpoints": quarter_checkpoints,
    "quarter_consequences": quarter_consequences,
    "supervision_lists": supervision_lists,
    "proposal_facts": proposal_facts,
    "proposal_record": proposal_record,
    "signing": signing,
    "settlement": settlement,
    "red_black": lambda context: red_black(context.facts),
    "returned": returned,
    "checkup": checkup,
    "public_figures": public_figures,
    "public_standing": public_standing,
    "public_milestones": public_milestones,
    "public_decisions": public_decisions,
}


def _clauses(context: Context) -> list[Annex]:
    """Every clause the document rests on, with the words of the official document."""
    facts = context.facts
    rested = (*facts.actions, *facts.milestones, *facts.targets, *facts.cadences_of(context.kind.cadence))
    cited = {row["clause_id"] for row in rested if row["clause_id"]}
    rows = [
        [clause_id, clause["title"] or wording.DASH, clause["quote"] or wording.DASH]
        for clause_id, clause in facts.clauses.items()
        if clause_id in cited
    ]
    if not rows:
        return []
    columns = [Column("条款", 1.4), Column("事项", 2.2, "left"), Column("原文", 5, "left")]
    table = Table(f"《{facts.scheme.title}》", columns, rows, "原文逐字摘自该文件。")
    return [Annex("条款依据", [table])]


ANNEXES: dict[str, Callable[[Context], list[Annex]]] = {"clauses": _clauses, "signing_sheet": signing_sheet}
