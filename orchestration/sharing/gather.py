"""Many offices' submissions from the shared lake into one data directory, which then is like any other.

The n-th submission committed to the shared lake is line n here, so numbers never change and what is new is added at the
end, in the order of an intake: rows, problems, receipt, then the ledger's line. All that one call brings is of one
moment of the shared lake. Originals stay with the offices.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

import polars as pl

from orchestration.catalogue.templates import Template, load_templates
from orchestration.errors import GuatuError
from orchestration.intake.lake import (
    PROBLEM_SCHEMA,
    ensure_lake,
    remove_leftovers,
    write_atomically,
    write_problems,
    write_rows,
)
from orchestration.intake.ledger import Submission, append, repair
from orchestration.intake.receipts import Notes, write_record
from orchestration.intake.taking import intake_lock
from orchestration.settings import Settings, now
from orchestration.sharing.lake import NAME, SharedLake
from orchestration.sql_text import quoted

BATCH_ROWS = 200_000
"""So many rows are fetched at once, of whole submissions."""
LINE = [each.name for each in fields(Submission) if each.name not in ("submission_id", "chain")]
Progress = Callable[[int, int], None]
"""Called with submissions done and to do."""


@dataclass(frozen=True)
class Gathered:
    """What one call brought, from which snapshot; ``replaced``: submissions whose rows an erasure had changed."""

    submissions: int
    rows: int
    replaced: int
    snapshot: int


@dataclass(frozen=True)
class _Line:
    """A submission as it will stand here, and where it stands in its office."""

    here: Submission
    office: str
    number: int

    @property
    def key(self) -> tuple[str, int]:
        return self.office, self.number


@dataclass(frozen=True)
class _State:
    """What ``gathered.json`` holds: which lake, how many replacements were followed, the last snapshot and when."""

    lake_id: str
    replaced: int
    snapshot: int
    at: datetime


def gather(settings: Settings, shared: SharedLake, progress: Progress | None = None) -> Gathered:
    """Brings what is not here yet. Killed anywhere, the next call goes on.

    Raises GuatuError ``not_gathered_home`` for a directory with submissions of its own, ``other_lake`` where what is
    here is not the beginning of what is shared, and what ``intake_lock`` and ``repair`` raise.
    """
    templates = load_templates(settings.seeds)
    with intake_lock(settings), shared.at_one_moment():
        snapshot = shared.snapshot
        own = repair(settings)
        state = _state(settings, shared, own)
        remove_leftovers(settings, own)
        ensure_lake(settings, templates)
        lines = _lines(shared)
        _require_beginning(settings, own, lines)
        _keep_state(settings, state)
        replaced = shared.rows(f"select office, submission_id from {NAME}.main.replaced order by rowid")
        changed = set(replaced[state.replaced :])
        before, fresh = lines[: len(own)], lines[len(own) :]
        anew = [line for line in before if line.key in changed]
        for batch in _batches(anew):
            for _ in _write_batch(settings, shared, templates, batch):
                pass
        rows = done = 0
        for batch in _batches(fresh):
            for line in _write_batch(settings, shared, templates, batch):
                own.append(append(settings, line.here, own))
                rows += line.here.rows_accepted
                done += 1
                if progress is not None:
                    progress(done, len(fresh))
        _keep_state(settings, _State(state.lake_id, len(replaced), snapshot, now()))
        return Gathered(done, rows, len(anew), snapshot)


def _state(settings: Settings, shared: SharedLake, own: Sequence[Submission]) -> _State:
    lake_id = shared.lake_id
    if not settings.gathered.exists():
        if own:
            raise GuatuError(
                "not_gathered_home",
                f"{settings.root} 里已有自己接收的报送,不能汇入。请用 --home 指定一个空的数据目录",
                "this home has submissions of its own: gather into an empty one",
                exit_code=2,
            )
        return _State(lake_id, 0, 0, now())
    record = json.loads(settings.gathered.read_text(encoding="utf-8"))
    if record["lake_id"] != lake_id:
        raise _other_lake(settings)
    return _State(lake_id, record["replaced"], record["snapshot"], datetime.fromisoformat(record["at"]))


def _keep_state(settings: Settings, state: _State) -> None:
    record = {"lake_id": state.lake_id, "replaced": state.replaced, "snapshot": state.snapshot}
    text = json.dumps(record | {"at": state.at.isoformat(timespec="seconds")}) + "\n"
    write_atomically(settings.gathered, lambda out: out.write_text(text, encoding="utf-8"))


def _lines(shared: SharedLake) -> list[_Line]:
    """Every submission shared, in the order of commits: a row's ``rowid`` is given with its commit, for good."""
    query = f"select office, submission_id, {', '.join(LINE)} from {NAME}.main.submissions order by rowid"
    return [
        _Line(Submission(number, **dict(zip(LINE, values, strict=True))), office, theirs)
        for number, (office, theirs, *values) in enumerate(shared.rows(query), start=1)
    ]


def _require_beginning(settings: Settings, own: Sequence[Submission], lines: Sequence[_Line]) -> None:
    def told(line: Submission) -> tuple:
        return tuple(getattr(line, name) for name in LINE)

    if len(own) > len(lines) or any(told(one) != told(other.here) for one, other in zip(own, lines, strict=False)):
        raise _other_lake(settings)


def _other_lake(settings: Settings) -> GuatuError:
    return GuatuError(
        "other_lake",
        f"{settings.root} 里的报送不是从这个共享库(或它现在的样子)汇入的。请核对 GUATU_SHARED_LAKE,"
        "或用 --home 指定一个空的数据目录重新汇入",
        "what is here was not gathered from this shared lake as it is: gather into an empty home",
    )


def _batches(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Lines in their order, as many at once as make up the rows of a batch."""
    batch: list[_Line] = []
    rows = 0
    for line in lines:
        if batch and rows + line.here.rows_accepted > BATCH_ROWS:
            yield batch
            batch, rows = [], 0
        batch.append(line)
        rows += line.here.rows_accepted
    if batch:
        yield batch


def _write_batch(
    settings: Settings, shared: SharedLake, templates: Mapping[str, Template], batch: Sequence[_Line]
) -> Iterator[_Line]:
    """Writes each submission's files and yields it: its line may be written then."""
    problems = _fetched(shared, "main.problems", [line for line in batch if line.here.template], PROBLEM_SCHEMA)
    rows: dict[tuple[str, int], pl.DataFrame] = {}
    for name in sorted({str(line.here.template) for line in batch if line.here.rows_accepted}):
        of_template = [line for line in batch if line.here.template == name and line.here.rows_accepted]
        rows |= _fetched(shared, f"lake.{name}", of_template, templates[name].lake_schema())
    for line in batch:
        template = templates.get(str(line.here.template))
        told = problems.get(line.key, pl.DataFrame(schema=PROBLEM_SCHEMA))
        if template is not None:
            if line.key in rows:
                write_rows(settings, line.here, template, rows[line.key])
            write_problems(settings, line.here, told)
        write_record(settings, line.here, template, Notes(problems=told))
        yield line


def _fetched(
    shared: SharedLake, table: str, lines: Sequence[_Line], schema: Mapping[str, pl.DataType]
) -> dict[tuple[str, int], pl.DataFrame]:
    """The rows of some submissions by office and number, in the order they were read; a column not shared is NULL."""
    if not lines:
        return {}
    known = shared.columns(table)
    wanted = ", ".join(f"({quoted(line.office)}, {line.number})" for line in lines)
    numbers = [line.number for line in lines]
    offices = ", ".join(quoted(office) for office in sorted({line.office for line in lines}))
    # the plain ranges let files be passed over that hold nothing of these
    frame = shared.connection.execute(
        f"select office, {', '.join(name for name in schema if name in known)} from {NAME}.{table} "
        f"where office in ({offices}) and submission_id between {min(numbers)} and {max(numbers)} "
        f"and (office, submission_id) in ({wanted}) order by rowid"
    ).pl()
    frame = frame.with_columns(pl.lit(None, kind).alias(name) for name, kind in schema.items() if name not in known)
    return dict(frame.partition_by("office", "submission_id", as_dict=True, maintain_order=True))  # type: ignore[arg-type]
