"""Serving: the dashboards and Dagster as child processes, stopped together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from orchestration.errors import GuatuError
from orchestration.month import end_dead_runs, open_instance
from orchestration.settings import PROJECT_ROOT, Settings, is_loopback
from orchestration.upkeep.home import require_format
from orchestration.upkeep.logs import open_log, rotate_logs
from orchestration.watch import Watch

STOP_SECONDS = 20.0
DAGSTER_HOST = "127.0.0.1"
"""Dagster's page has no accounts of its own: it stays on this machine, whatever the dashboards listen on."""


def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Runs both until Ctrl-C or SIGTERM. Raises GuatuError ``port_taken``, ``service_stopped``."""
    require_format(settings)
    require_closed_door(settings)
    require_free_port(settings.host, settings.dashboard_port)
    require_free_port(DAGSTER_HOST, settings.dagster_port)
    settings.inbox.mkdir(parents=True, exist_ok=True)
    with open_instance(settings) as instance:
        end_dead_runs(settings, instance, older_than_seconds=0)
    signal.signal(signal.SIGTERM, _stop)
    children: dict[str, subprocess.Popen[bytes]] = {}
    watch = Watch(settings, announce)
    try:
        children["看板"] = _start(settings, "dashboards", dashboard_command(settings))
        children["Dagster"] = _start(settings, "dagster", dagster_command(settings))
        announce(f"看板 http://{settings.host}:{settings.dashboard_port}")
        announce(f"Dagster http://{DAGSTER_HOST}:{settings.dagster_port}")
        announce(f"日志 {settings.logs}")
        announce("按 Ctrl-C 结束")
        while True:
            for name, child in children.items():
                if child.poll() is not None:
                    watch.child_ended(name, child.returncode)
                    raise GuatuError(
                        "service_stopped",
                        f"{name} 意外退出(代码 {child.returncode}),服务已停止。请运行 guatu doctor。",
                        f"a service ended unexpectedly (code {child.returncode}); run: guatu doctor",
                    )
            watch.look(time.time())
            rotate_logs(settings)
            time.sleep(0.5)
    except KeyboardInterrupt:
        announce("正在停止……")
    finally:
        watch.end()
        _end(list(children.values()))


def require_closed_door(settings: Settings) -> None:
    """GuatuError ``open_not_local`` where anyone on the network could look without signing in."""
    if settings.access == "open" and not is_loopback(settings.host):
        raise GuatuError(
            "open_not_local",
            f"GUATU_ACCESS=open 不要求登录,不能监听 {settings.host},只能监听 127.0.0.1。"
            "请去掉 GUATU_ACCESS=open,用 guatu user add 开账号,或接统一身份认证(GUATU_ACCESS=oidc)。",
            f"open access cannot listen on {settings.host}; use accounts or oidc",
            exit_code=2,
        )


def dashboard_command(settings: Settings) -> list[str]:
    """Streamlit without telemetry, file watching or a browser of its own."""
    options = {
        "server.address": settings.host,
        "server.port": settings.dashboard_port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "client.showErrorDetails": "none",
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "streamlit", "run", str(PROJECT_ROOT / "dashboards" / "server.py"), *flags]


def dagster_command(settings: Settings) -> list[str]:
    """Web page and daemon (schedule, sensor) over one code location."""
    address = ["-h", DAGSTER_HOST, "-p", str(settings.dagster_port)]
    return [sys.executable, "-m", "dagster", "dev", "-m", "orchestration.definitions", *address,
            "--log-level", "warning"]  # fmt: skip


def require_free_port(host: str, port: int) -> None:
    """GuatuError ``port_taken`` when something listens there already."""
    import socket

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        if os.name == "posix":  # a port just left is free; elsewhere this option would share a port in use
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise GuatuError(
                "port_taken",
                f"{host} 的端口 {port} 不可用({error.strerror}),请先停止占用它的程序,"
                "或用 GUATU_DASHBOARD_PORT、GUATU_DAGSTER_PORT 换一个端口。",
                f"port {port} on {host} cannot be used; stop what holds it or choose another",
            ) from error


def _start(settings: Settings, name: str, command: list[str]) -> "subprocess.Popen[bytes]":
    environment = {
        **os.environ,
        "GUATU_HOME": str(settings.root),
        "GUATU_ACCESS": settings.access,
        "DAGSTER_HOME": str(settings.dagster_home),
        "PYTHONUTF8": "1",
    }
    # A group of its own, so that Ctrl-C reaches the children once, from here, in order.
    group = {"start_new_session": True} if os.name == "posix" else {"creationflags": _new_group()}
    folder = _working_folder(settings)
    with open_log(settings, name) as log:
        return subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=subprocess.STDOUT, **group)


def _working_folder(settings: Settings) -> Path:
    """The checkout, where Streamlit finds its theme."""
    return PROJECT_ROOT if (PROJECT_ROOT / ".streamlit").is_dir() else settings.root


def _new_group() -> int:
    return subprocess.CREATE_NEW_PROCESS_GROUP  # type: ignore[attr-defined]  # Windows only


def _end(children: "list[subprocess.Popen[bytes]]") -> None:
    """Asks each child to stop, waits, and ends what is left of its group."""
    for child in children:
        if child.poll() is None:
            if os.name == "posix":
                child.send_signal(signal.SIGINT)
            else:
                child.send_signal(signal.CTRL_BREAK_EVENT)
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
        if os.name == "posix":
            _end_group(child.pid)


def _end_group(group: int) -> None:
    """Ends whatever is left of a child's process group."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
