"""The dashboards' own web server, as a process of its own with its output in a file."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 180.0
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Server:
    """Where it answers, its process, and the file its output goes to."""

    base: str
    pid: int
    log: Path

    @property
    def memory_mb(self) -> float:
        """Resident memory now."""
        return int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1]) * PAGE_BYTES / 2**20


@contextmanager
def serving(home: Path, access: str = "accounts", port: int | None = None, **settings: str) -> Iterator[Server]:
    """Runs the server on a free port of loopback until the block ends."""
    port = port or free_port()
    log = home.parent / f"{home.name}_server_{port}.log"
    command = [
        sys.executable, "-m", "streamlit", "run", "dashboards/server.py",
        f"--server.port={port}", "--server.address=127.0.0.1",
    ]  # fmt: skip
    given = {"GUATU_HOME": str(home), "GUATU_ACCESS": access, "GUATU_DASHBOARD_PORT": str(port), "PYTHONUTF8": "1"}
    with log.open("wb") as output:
        child = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **given, **settings}, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            base = f"http://127.0.0.1:{port}"
            _wait(base, child)
            yield Server(base, child.pid, log)
        finally:
            child.terminate()
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(base: str, child: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise RuntimeError(f"the dashboards ended with {child.returncode}")
        try:
            with urllib.request.urlopen(f"{base}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError("the dashboards did not start")
