"""The kinds of document an office sends (``seeds/reports``): one file a kind, so that a new one needs no code."""

from functools import cache
from pathlib import Path
from string import Formatter
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from orchestration.errors import GuatuError
from orchestration.yaml_text import read_yaml

Per = Literal["division", "acted_unit", "submitter"]
"""One document for the division, each unit with an action of ``action_kinds``, or each submitter of a returned file."""
Span = Literal["month", "half_month", "quarter"]
WORDS = {"month", "span", "scheme", "division", "unit", "issuer", "units", "recipients", "upper", "sender", "as_of"}
"""What may stand in braces in a kind's own words."""


class Kind(BaseModel):
    """One kind of document.

    needs     what must be there for it to be made: units assessed, actions, returned files, villages
    sections  parts of the text, annex parts printed behind it; each a name of ``parts``
    cadence   周期 of the scheme's own clause that asks for it: that clause is cited, its recipients are addressed
    copies    抄送机关 of the imprint (版记); empty where there are none
    printer   印发机关 of the imprint; empty: a document without one, such as a notice put up or a table
    workbook  whether the annex (xlsx) goes with it
    public    for everyone: figures of few people withheld, proposals not yet decided left out
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str = Field(pattern=r"^[a-z_]+$")
    name: str
    position: int
    about: str
    form: Literal["document", "table"] = "document"
    landscape: bool = False
    per: Per = "division"
    span: Span = "month"
    needs: Literal["assessed", "actions", "returned", "villages"] = "assessed"
    by_default: bool = False
    public: bool = False
    action_kinds: tuple[str, ...] = ()
    cadence: str | None = None
    red_head: str = "{issuer}文件"
    title: str
    addressees: str = ""
    opening: str = ""
    copies: str = ""
    printer: str = ""
    sections: tuple[str, ...]
    annexes: tuple[str, ...] = ()
    workbook: bool = False

    @model_validator(mode="after")
    def _known_words(self) -> "Kind":
        for text in (self.red_head, self.title, self.addressees, self.opening, self.copies, self.printer):
            unknown = {name for _, name, _, _ in Formatter().parse(text) if name is not None} - WORDS
            if unknown:
                raise ValueError(f"{self.name}:不认识的占位词 {'、'.join(sorted(unknown))}")
        if self.per == "acted_unit" and not self.action_kinds:
            raise ValueError(f"{self.name}:按奖惩对象出文,须写明 action_kinds")
        return self


def asks_for_bulletin(title: str) -> bool:
    """Whether a cadence of this title is met by a document: it asks for a 通报, not for a meeting or a ledger."""
    return "通报" in title


@cache
def load_kinds(seeds: Path) -> dict[str, Kind]:
    """All kinds by code in their order. Raises GuatuError ``bad_report_kind`` naming the file that cannot be used."""
    from orchestration.reports.parts import ANNEXES, SECTIONS

    kinds: list[Kind] = []
    for path in sorted((seeds / "reports").glob("*.yml")):
        try:
            kind = Kind.model_validate(read_yaml(path.read_text(encoding="utf-8")))
        except (ValidationError, yaml.YAMLError, UnicodeDecodeError) as error:
            raise _bad(path, " ".join(str(error).split())[:300]) from error
        unknown = [*(set(kind.sections) - set(SECTIONS)), *(set(kind.annexes) - set(ANNEXES))]
        if unknown:
            raise _bad(path, f"没有这样的部分 {'、'.join(sorted(unknown))}")
        if kind.kind != path.stem:
            raise _bad(path, f"kind 应与文件名相同,为 {path.stem}")
        kinds.append(kind)
    return {kind.kind: kind for kind in sorted(kinds, key=lambda each: each.position)}


def _bad(path: Path, why: str) -> GuatuError:
    return GuatuError(
        "bad_report_kind", f"文种 {path.name} 不能使用:{why}", f"cannot use report kind {path.name}: {why}"
    )
