"""Where an indicator comes from: the models between the templates it needs and the mart it stands in.

Read from dbt's own manifest, so it never differs from what is computed.
"""

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

INDICATOR_MART = "fct_indicator"


@dataclass(frozen=True)
class Step:
    """One model: its place from left (templates are 0) to right, its file, and the models it reads among the steps."""

    name: str
    layer: int
    file: str
    reads: tuple[str, ...]


@dataclass(frozen=True)
class _Model:
    file: str
    reads: frozenset[str]
    text: str


def lineage(manifest: Path, templates: Collection[str], measures: Collection[str]) -> tuple[Step, ...]:
    """Steps in order of their layer; empty where there is no manifest or it lacks the mart.

    templates  names of the templates needed; a template is read by ``stg_<template>``
    measures   names of the measures summed: of the models that compute measures only those that name one are shown
    """
    if not manifest.exists():
        return ()
    models = _models(manifest, manifest.stat().st_mtime_ns)
    if INDICATOR_MART not in models:
        return ()
    upward = _upward(models, INDICATOR_MART) | {INDICATOR_MART}
    naming = re.compile(rf"\b({'|'.join(map(re.escape, measures))})\b") if measures else None
    measuring = (name for name in upward if name.endswith("_measures"))
    computing = {name for name in measuring if naming is not None and naming.search(models[name].text)}
    sources = {f"stg_{template}" for template in templates} & upward
    shown = {INDICATOR_MART}
    for name in computing or sources:
        inner = _upward(models, name) | {name}
        shown |= {step for step in inner if _upward(models, step) & sources or step in sources or step == name}
        shown |= {step for step in upward if name in _upward(models, step) and not step.endswith("_measures")}
    layers: dict[str, int] = {}
    for name in sorted(shown, key=lambda one: len(_upward(models, one) & shown)):
        layers[name] = 1 + max((layers[read] for read in models[name].reads & shown), default=0)
    steps = (Step(name, layers[name], models[name].file, tuple(sorted(models[name].reads & shown))) for name in shown)
    return tuple(sorted(steps, key=lambda step: (step.layer, step.name)))


def _upward(models: dict[str, _Model], name: str) -> set[str]:
    """Every model that ``name`` reads, directly or through others."""
    found: set[str] = set()
    waiting: list[Iterable[str]] = [models[name].reads]
    while waiting:
        for read in waiting.pop():
            if read not in found:
                found.add(read)
                waiting.append(models[read].reads)
    return found


@lru_cache(maxsize=2)
def _models(manifest: Path, _changed: int) -> dict[str, _Model]:
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    models = {key: node for key, node in nodes.items() if node["resource_type"] == "model"}
    return {
        node["name"]: _Model(
            node["original_file_path"],
            frozenset(models[key]["name"] for key in node["depends_on"]["nodes"] if key in models),
            node["raw_code"],
        )
        for node in models.values()
    }
