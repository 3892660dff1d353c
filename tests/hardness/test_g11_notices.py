"""The goal on late corrections fails where an edition sees too much, or a correction reaches too far."""

from datetime import datetime
from pathlib import Path

import pytest
from second.light import Project, Warehouse, project

from hardness import g11_corrections as goal

EVERYTHING = datetime(2030, 1, 1)


@pytest.fixture(autouse=True)
def few_counties(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(goal, "TOGETHER", 4)


def test_an_edition_that_knows_what_came_later_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Knowing(Warehouse):
        def __init__(self, models: Project, settings, period: str, as_of: datetime) -> None:
            super().__init__(models, settings, period, EVERYTHING if as_of > datetime(2018, 9, 16) else as_of)

    monkeypatch.setattr(goal, "Warehouse", Knowing)
    _, _, wrong = goal.judge(project(), tmp_path / "home", 3)
    assert any("只收到这些文件时不同" in line for line in wrong)


def test_a_correction_that_reaches_another_month_is_noticed(tmp_path: Path) -> None:
    models = project()
    name = "int_scope_newest"
    # files of July speak for June
    earlier = f"""
        select replace(period, '2018-07', '2018-06') as period, * exclude (period)
        from ({models.models[name].sql})
    """
    _, _, wrong = goal.judge(models.with_sql(name, earlier), tmp_path / "home", 3)
    assert any("却变了" in line for line in wrong)
