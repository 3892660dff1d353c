"""The models keep to what DuckDB and Spark both understand; what only one of them does stands in the engine macros."""

import re
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_ROOT

MODELS = PROJECT_ROOT / "dbt_project"
ENGINE = {"engine.sql", "engine_spark.sql"}
ONE_ENGINE_ONLY = {
    r"\bas varchar\)": "cast(… as string)",
    r"\bas text\)": "cast(… as string)",
    r"\w::\w": "cast(… as …)",
    r"\bexclude \(": "{{ without([…]) }}",
    r"union all by name": "{{ union_by_name([…]) }}",
    r" // ": "floor(a / b)",
    r"\b(strftime|date_diff|string_agg|list|unnest|generate_series|try_cast|read_parquet)\(": "a macro of engine.sql",
    r"count\(distinct [^)]*\) over": "dense_rank() over …, then max() over …",
    r"filter \((?:[^()]|\([^()]*\))*\) over": "count(case when … end) over …",
    r"\b[lr]trim\([^()]*,": "trim(leading/trailing … from …)",
    r"\bsign\(": "case when … < 0 (a double on Spark)",
    r"\b(qualify|pivot|unpivot)\b": "a macro of engine.sql",
}


def alien(sql: str) -> list[str]:
    """What of a model only one engine understands, and what to write instead."""
    code = re.sub(r"--.*", "", re.sub(r"\{#.*?#\}", "", sql, flags=re.DOTALL))
    found = [(match[0], cure) for pattern, cure in ONE_ENGINE_ONLY.items() for match in re.finditer(pattern, code)]
    return [f"{words!r}: {cure}" for words, cure in found]


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(MODELS.rglob("*.sql")) if path.name not in ENGINE],
    ids=lambda path: path.stem,
)
def test_model_keeps_to_what_both_engines_understand(path: Path) -> None:
    assert alien(path.read_text(encoding="utf-8")) == []


def test_each_engine_has_every_macro_that_is_dispatched() -> None:
    macros = MODELS / "macros"
    wanted = set(re.findall(r"dispatch\('(\w+)'", (macros / "engine.sql").read_text(encoding="utf-8")))
    for name, engine in (("engine.sql", "default"), ("engine_spark.sql", "spark")):
        text = (macros / name).read_text(encoding="utf-8")
        assert wanted - set(re.findall(rf"macro {engine}__(\w+)\(", text)) == set(), name


@pytest.mark.parametrize(
    "sql",
    [
        "select cast(a as varchar) from b",
        "select b.* exclude (a) from b",
        "select count(*) filter (where a > coalesce(b, 0)) over w from b",
        "select count(distinct a) over w from b",
        "select 7 // 2",
        "select sign(a) * b from c",
    ],
)
def test_what_one_engine_lacks_is_seen(sql: str) -> None:
    assert len(alien(sql)) == 1
    assert alien("select cast(a as string), count(distinct a) from b -- as varchar)\n") == []
