"""``guatu serve``: both services answer, and nothing is left behind after it is told to stop."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from orchestration.errors import GuatuError
from orchestration.serve import require_free_port
from orchestration.settings import Settings

PATIENCE_SECONDS = 120


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


@pytest.mark.skipif(os.name != "posix", reason="process groups are looked up as POSIX has them")
def test_both_services_start_and_stop_together(toy: Settings) -> None:
    dashboard, dagster = _free_port(), _free_port()
    environment = {
        **os.environ,
        "GUATU_DBT_PROJECT": str(toy.dbt_project),
        "GUATU_DASHBOARD_PORT": str(dashboard),
        "GUATU_DAGSTER_PORT": str(dagster),
    }
    command = [sys.executable, "-m", "orchestration.cli", "serve", "--home", str(toy.home)]
    child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    waiting = {f"http://127.0.0.1:{dashboard}/_stcore/health", f"http://127.0.0.1:{dagster}/server_info"}
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while waiting and time.monotonic() < deadline:
            assert child.poll() is None
            waiting = {url for url in waiting if not _answers(url)}
            time.sleep(0.5)
        assert not waiting
        child.send_signal(signal.SIGTERM)
        assert child.wait(60) == 0
    finally:
        child.kill()
        child.stdout.close()
    for port in (dashboard, dagster):
        require_free_port("127.0.0.1", port)


def test_port_in_use_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(GuatuError, match=str(port)):
            require_free_port("127.0.0.1", port)
