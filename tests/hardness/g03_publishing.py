"""Published again and again under the eyes of readers: no read fails, none is mixed, none steps back."""

import sys
import time
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from hardness import office
from hardness.goal import Outcome, Size
from orchestration.release import list_editions, next_edition_id, publish, run_lock
from orchestration.settings import get_settings

LABEL = "G3"
PUBLISHES = 200
READERS = 20
PERIOD = "2022-06"
MARKED = {"fct_indicator": ("numerator", 2000), "fct_ranking": ("score", 8)}
"""Tables of which every row carries the number of the edition, the column it stands in, and the rows."""

Answer = tuple[int, int, list[str]]
"""Reads, editions seen, errors."""


def run(home: Path, size: Size) -> Outcome:
    publishes, readers = size.of(PUBLISHES, least=5), size.of(READERS, least=3)
    context = office.forks()
    _publish(home, 1)
    pipes = [context.Pipe() for _ in range(readers)]
    processes = [
        context.Process(target=read, args=(home, theirs, number % 2 == 0), daemon=True)
        for number, (_, theirs) in enumerate(pipes)
    ]
    for process in processes:
        process.start()
    waiting = [ours.recv() for ours, _ in pipes]  # all are at work before the first switch
    publisher = context.Process(target=_publish, args=(home, publishes - 1))
    started = time.monotonic()
    publisher.start()
    publisher.join()
    seconds = time.monotonic() - started
    answers: list[Answer] = []
    for ours, _ in pipes:
        ours.send("stop")
        answers.append(ours.recv())
    for process in processes:
        process.join()
    published = len(list_editions(get_settings(home)))
    return _outcome(publishes, published, publisher.exitcode, answers, len(waiting), seconds)


def _outcome(
    publishes: int, published: int, code: int | None, answers: list[Answer], readers: int, seconds: float
) -> Outcome:
    errors = [error for _, _, found in answers for error in found]
    mixed = [error for error in errors if error.startswith("mixed")]
    figures = (
        f"{publishes} publishes in {seconds:.0f} s x {readers} readers: {sum(reads for reads, _, _ in answers)} reads, "
        f"{sum(editions for _, editions, _ in answers)} switches seen, {len(errors) - len(mixed)} errors, "
        f"{len(mixed)} mixed"
    )
    failures = [f"{error}, {errors.count(error)} x" for error in sorted(set(errors))][:10]
    failures += [f"the publisher ended with {code}"] if code else []
    failures += [f"{published} of {publishes} editions are there"] if published != publishes else []
    failures += ["a reader saw nothing"] if any(reads == 0 for reads, _, _ in answers) else []
    return Outcome(figures, tuple(failures))


def _publish(home: Path, times: int) -> None:
    """Publishes warehouses whose every row carries the running number of its edition."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "release"))
    from small_warehouse import write_warehouse

    settings = get_settings(home).model_copy(update={"keep_editions": PUBLISHES})
    for _ in range(times):
        with run_lock(settings):
            edition_id = next_edition_id(settings, PERIOD)
            number = int(edition_id.rsplit("_", 1)[1])
            warehouse = write_warehouse(home / "warehouse.duckdb", marker=number)
            publish(settings, warehouse, PERIOD, datetime(2022, 7, 6), edition_id)


def read(home: Path, pipe: Connection, keeps: bool) -> None:
    """Reads until told to stop: by a connection an edition that is kept, as the dashboards do, or by one a read."""
    from orchestration.release import current_edition, open_edition

    settings = get_settings(home)
    reads, before, seen, errors = 0, 0, set(), []
    kept = None
    pipe.send("ready")
    while not pipe.poll(0.05):
        try:
            edition = current_edition(settings)
            if edition is None:
                errors.append("nothing served")
                continue
            if edition.sequence < before:
                errors.append("stepped back")
            if kept is None or edition.sequence != before:
                kept = open_edition(settings, edition.edition_id)
            before = edition.sequence
            for table, (column, rows) in MARKED.items():
                found = kept.execute(f"select min({column}), max({column}), count(*) from {table}").fetchone()
                if found != (before, before, rows):
                    errors.append(f"mixed: {table} of edition {before} holds {found}")
            reads += 1
            seen.add(before)
            if not keeps:
                kept = kept.close()
        except Exception as error:
            errors.append(f"{type(error).__name__}: {str(error)[:120]}")
    pipe.recv()
    pipe.send((reads, len(seen), errors))
