"""The systemd unit: what it starts exists, and systemd itself accepts it."""

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_ROOT, Settings

FOLDER = PROJECT_ROOT / "deploy" / "systemd"
UNIT = FOLDER / "guatu.service"


def test_unit_runs_the_supervisor_as_its_own_user_and_writes_to_its_data_only() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(UNIT, encoding="utf-8")
    service = unit["Service"]
    assert service["ExecStart"].endswith("/guatu serve") and service["User"] == "guatu"
    assert service["KillMode"] == "mixed" and int(service["TimeoutStopSec"]) > 20
    assert service["ProtectSystem"] == "strict" and service["ReadWritePaths"] == "/var/lib/guatu"
    assert "GUATU_HOME=/var/lib/guatu" in service["Environment"]


def test_settings_named_for_the_unit_exist() -> None:
    named = [
        line.lstrip("#").split("=")[0]
        for line in (FOLDER / "guatu.env").read_text(encoding="utf-8").splitlines()
        if "=" in line and line.lstrip("#").startswith("GUATU_")
    ]
    assert "GUATU_NOTIFY" in named
    assert {name.removeprefix("GUATU_").lower() for name in named} <= set(Settings.model_fields)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd")
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    program = tmp_path / ".venv" / "bin" / "guatu"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    unit = tmp_path / "guatu.service"
    unit.write_text(UNIT.read_text(encoding="utf-8").replace("/opt/guatu", str(tmp_path)), encoding="utf-8")
    verdict = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert verdict.returncode == 0 and "guatu.service" not in verdict.stderr, verdict.stderr
