"""The layers round a query one at a time: each with all the others switched off, in a process of its own."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

SECRET = "CANARY-7f3a"
PLAIN = "duckdb.connect(str(database), read_only=True)"
LOCKED = "connect_locked(database)"
_EACH = """
import json, pathlib, sys, threading
import duckdb
from orchestration.sandbox.locked import connect_locked
given = json.load(sys.stdin)
original, work, canary = (pathlib.Path(given[k]) for k in ("database", "work", "canary"))
got_out = []
whole = original.read_bytes()
for number, sql in enumerate(given["statements"]):
    database, out = work / "edition.duckdb", work / f"out{{number}}.csv"
    if not database.exists() or database.read_bytes() != whole:
        database.write_bytes(whole)
    sql = sql.replace("{{canary}}", str(canary)).replace("{{database}}", str(database)).replace("{{out}}", str(out))
    sql = sql.replace("{{{{", "{{").replace("}}}}", "}}")
    said = ""
    try:
        connection = {connection}
        timer = threading.Timer(3, connection.interrupt)  # one that has what it wanted may go on for ever
        timer.start()
        try:
            for statement in connection.extract_statements(sql):
                cursor = connection.execute(statement)
                said += str(cursor.fetchmany(50))
        finally:
            timer.cancel()
            connection.close()
    except duckdb.Error as error:
        said += str(error)
    changed = not database.exists() or database.read_bytes() != whole
    if given["secret"] in said or changed or out.exists():
        got_out.append(number)
(work / "got_out.json").write_text(json.dumps(got_out))
"""
_BARE_CHILD = """
import orchestration.sandbox.child as child
from orchestration.sandbox import locked
import duckdb
child.limit_process = lambda seconds: None
child.connect_locked = lambda database: duckdb.connect(str(database), read_only=True)
child.main()
"""
_LIMITS_ONLY = """
import sys, duckdb
from orchestration.sandbox.child import limit_process
limit_process(float(sys.argv[2]))
connection = duckdb.connect(sys.argv[1], read_only=True)
for statement in connection.extract_statements(sys.argv[3]):
    print(len(connection.execute(statement).fetchmany(10)))
"""


def got_out(statements: Sequence[str], database: Path, canary: Path, work: Path, connection: str) -> list[str]:
    """Statements that told the secret, changed the database's file or wrote another, on a connection made so.

    Nothing but the connection stands between a statement and the files; each has a copy of the database.
    """
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    given = {"statements": list(statements), "database": str(database), "work": str(work), "canary": str(canary)}
    ended = subprocess.run(
        [sys.executable, "-c", _EACH.format(connection=connection)],
        input=json.dumps({**given, "secret": SECRET}),
        capture_output=True, text=True, timeout=900, cwd=work, check=False,
    )  # fmt: skip
    if ended.returncode:
        raise RuntimeError(f"the statements were not all tried: {ended.stderr[-300:]}")
    return [statements[number] for number in json.loads((work / "got_out.json").read_text())]


def limits_alone(sql: str, database: Path, seconds: float) -> tuple[bool, float]:
    """Whether the limits of the process ended a statement (or it came to a small result), and after how long."""
    started = time.monotonic()
    command = [sys.executable, "-c", _LIMITS_ONLY, str(database), str(seconds), sql]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=seconds * 10 + 60, check=False)
    except subprocess.TimeoutExpired:
        return False, time.monotonic() - started
    return ended.returncode is not None, time.monotonic() - started


def bare_popen(original: Callable[..., "subprocess.Popen[bytes]"]) -> Callable[..., "subprocess.Popen[bytes]"]:
    """Starts a query's process without its limits and its lock: only the parent can end it."""

    def start(command: Sequence[str], **options: object) -> "subprocess.Popen[bytes]":
        return original([command[0], "-I", "-X", "utf8", "-c", _BARE_CHILD], **options)

    return start
