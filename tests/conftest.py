"""Fixtures for all tests: an empty installation, what is built once for a whole run, and the order of files."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from orchestration.settings import Settings, get_settings

GOLDEN = Path(__file__).parent / "golden" / "files"
Once = Callable[[str, Callable[[Path], object]], Path]

EARLY = (
    "demo/test_demo_marts.py",
    "hardness/test_small.py",
    "sharing/test_many_writers.py",
    "spark/test_same_on_spark.py",
    "explain/test_explain_edition.py",
    "orchestration/test_rhythm_pass.py",
    "second/test_second_computation.py",
    "release/test_killed_run.py",
    "dbt/test_same_whatever_the_files.py",
    "dashboards/test_browser.py",
    "reports/test_reports_documents.py",
    "catalogue/test_trial.py",
    "records/test_next_edition.py",
    "orchestration/test_rules.py",
    "orchestration/test_rhythm_daemon.py",
    "dashboards/test_browser_leader.py",
    "reports/test_reports_demo.py",
    "release/test_sql_sandbox.py",
    "access/test_scoped.py",
)
"""Files that go first, the longest first: with two workers nothing long is left for the end. The first of them makes
the demonstration; files that only read it come later, so that nobody waits."""

APART = ("hardness/test_small.py",)
"""Files whose tests share nothing and take long: workers take them one by one, of all others whole files."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Whole files to each worker, in the order collected."""
    from xdist.scheduler import LoadFileScheduling

    class InOrder(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::", 1)[0]
            return nodeid if file.endswith(APART) else file

    config.option.loadscopereorder = False
    return InOrder(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {Path(__file__).parent / name: place for place, name in enumerate(EARLY)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.fixture(scope="session", autouse=True)
def _environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Pages are tested as the open demonstration shows them; tests of access say otherwise for themselves. The models
    are compiled once for all installations of a worker."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUATU_ACCESS", "open")
        patch.setenv("GUATU_CACHE", str(tmp_path_factory.mktemp("plans")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _one_compilation(once: "Once") -> Iterator[None]:
    """Installations of the tests share what dbt compiled, as it names none of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUATU_CACHE", str(once("plans", lambda _: None)))
        yield


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty installation."""
    return get_settings(tmp_path / "home")


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Fills a folder once for all workers of a run; whoever asks meanwhile waits. Read only, please."""
    base = tmp_path_factory.getbasetemp()
    root = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "once"
    root.mkdir(exist_ok=True)

    def filled(name: str, fill: Callable[[Path], object]) -> Path:
        folder, done = root / name, root / f"{name}.done"
        with FileLock(root / f"{name}.lock"):
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                fill(folder)
                done.touch()
        return folder

    return filled


@pytest.fixture(scope="session")
def demo_home(once: Once) -> Path:
    """The demonstration, taken in, built and published."""
    from orchestration.showcase import show

    return once("demo", lambda home: show(get_settings(home), lambda _: None))


@pytest.fixture(scope="session")
def golden_home(once: Once) -> Path:
    """Seven villages of 灵山镇 in the round of 2018-07, taken in, built with every check and published."""
    from orchestration.build import build
    from orchestration.intake import ingest
    from orchestration.release import publish

    def fill(home: Path) -> None:
        settings = get_settings(home)
        taken = [result.submission for result in ingest(settings, [GOLDEN], datetime(2018, 8, 4, 9))]
        assert {line.outcome for line in taken} == {"accepted"}, [line.reason for line in taken]
        result = build(settings, "2018-07", datetime(2018, 8, 31), "2018-07_0001")
        assert result.ok, result.summary
        publish(settings, result.database, "2018-07", datetime(2018, 8, 31), result.edition_id)

    return once("golden", fill)
