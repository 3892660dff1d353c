"""dbt's own documentation of the models as one self-contained page, made when it is asked for.

Kept under ``work/docs`` by the stamp of the compiled project, so that a changed model gets a new page and nothing is
made twice. It holds definitions and code, no data.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from orchestration.dbt_command import DATABASE_NAME, run_dbt
from orchestration.errors import GuatuError
from orchestration.plan import MARKED_PLACES, MARKED_VARIABLES, prepare_plan
from orchestration.settings import Settings, get_settings

PAGE = "static_index.html"
SECONDS = 300.0


def model_docs(settings: Settings) -> Path:
    """The page's path. Raises GuatuError ``project_invalid``, ``docs_failed``."""
    root = settings.work / "docs"
    plan = prepare_plan(settings)
    page = root / plan.name[:16] / PAGE
    root.mkdir(parents=True, exist_ok=True)
    with FileLock(root / "lock", timeout=SECONDS):
        if not page.exists():
            for former in root.iterdir():
                if former.is_dir():
                    shutil.rmtree(former, ignore_errors=True)
            _make(settings, plan, page)
    return page


def model_docs_in_child(settings: Settings) -> Path:
    """The same for a process with threads: dbt changes the environment and the working directory of its own."""
    environment = {**os.environ, "GUATU_HOME": str(settings.root), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "orchestration.model_docs"]
    try:
        child = subprocess.run(command, env=environment, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise _failed("timeout") from error
    page = Path(child.stdout.decode("utf-8").strip() or PAGE)
    if child.returncode != 0 or not page.is_file():
        raise _failed(child.stderr.decode("utf-8", "replace")[-300:])
    return page


def _make(settings: Settings, plan: Path, page: Path) -> None:
    target = page.parent.with_name(f".{page.parent.name}")
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    shutil.copyfile(plan / "manifest.json", target / "manifest.json")
    result = run_dbt(
        settings,
        "docs",
        target,
        MARKED_VARIABLES,
        MARKED_PLACES | {"GUATU_DATABASE": str(target / DATABASE_NAME)},
        selection=("generate", "--static", "--empty-catalog", "--no-compile"),
    )
    if not result.success or not (target / PAGE).exists():
        raise _failed(str(result.exception))
    os.replace(target, page.parent)


def _failed(reason: str) -> GuatuError:
    said = " ".join(reason.split())[:300]
    return GuatuError(
        "docs_failed",
        f"模型文档生成失败:{said}。请运行 guatu doctor。",
        f"the models' documentation could not be made: {said}",
        exit_code=3,
    )


if __name__ == "__main__":
    print(model_docs(get_settings()))
