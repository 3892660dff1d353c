"""The threat model names tests that exist, and goals of the hardness campaign that exist."""

import re

import pytest

from orchestration.settings import PROJECT_ROOT

TEXT = "\n".join(path.read_text(encoding="utf-8") for path in sorted((PROJECT_ROOT / "docs").glob("*.md")))
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)))


@pytest.mark.parametrize("file, test", NAMED, ids=lambda part: part.rsplit("/", 1)[-1])
def test_a_test_that_is_named_exists(file: str, test: str) -> None:
    source = (PROJECT_ROOT / file).read_text(encoding="utf-8")
    assert not test or re.search(rf"^(async )?def {test}\(", source, re.MULTILINE), f"{file} 没有 {test}"


def test_goals_that_are_named_exist() -> None:
    table = [line for line in TEXT.splitlines() if line.startswith("|") and "`tests/" in line]
    goals = {f"G{int(path.stem[1:3])}" for path in (PROJECT_ROOT / "tests" / "hardness").glob("g[0-9][0-9]_*.py")}
    assert set(re.findall(r"\bG\d{1,2}\b", "\n".join(table))) <= goals
