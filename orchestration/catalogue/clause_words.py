"""What carries a clause, in words: the codes of elements, indicators and templates replaced by their titles."""

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from orchestration.catalogue.dictionary_schemes import carrier
from orchestration.catalogue.indicators import load_indicators, load_reference
from orchestration.catalogue.schemes import Scheme, load_schemes
from orchestration.catalogue.templates import load_templates

_CODE = re.compile(r"(?<![\w-])[a-z][a-z0-9_-]*(?:@\d\d-\d\d)?(?![\w-])")


def clause_carrier(seeds: Path, scheme: str, element: str | None, is_carried: bool) -> str:
    """``target ten_items_rate`` as 目标“贫困村退出”, or why nothing is computed; a code without a title stays."""
    if not is_carried:
        return carrier(None, element)
    titles = dict(_titles(seeds, load_schemes(seeds).get(scheme)))
    return _CODE.sub(lambda found: f"“{titles[found[0]]}”" if found[0] in titles else found[0], carrier(element, None))


def _titles(seeds: Path, scheme: Scheme | None) -> Iterator[tuple[str, str]]:
    """(code, title), the scheme's own elements last: they are meant where a code is both."""
    yield from load_indicators(seeds).select("indicator_code", "title").iter_rows()
    yield from ((template.name, template.title) for template in load_templates(seeds).values())
    yield from load_reference(seeds, "findings").select("code", "title").iter_rows()
    yield from load_reference(seeds, "parameters").select("parameter", "title").iter_rows()
    for _, elements in scheme or ():
        for element in elements if isinstance(elements, tuple) else ():
            if isinstance(element, BaseModel):
                code = getattr(element, "code", None) or getattr(element, "indicator", None)
                title = getattr(element, "title", None)
                checkpoint = getattr(element, "checkpoint", None)
                if code and title:
                    yield (f"{code}@{checkpoint}" if checkpoint and "@" not in code else code), title
