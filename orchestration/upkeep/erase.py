"""``guatu erase``: what identifies a person or a household goes; what is counted stays.

In every row about them the name, the telephone and the id number (of a household: its number and its members' too) are
replaced, the same everywhere, by stand-ins that nobody can turn back: the key they are made with is thrown away. The
lake's rows, the originals, receipts, editions and documents are all gone through. The ledger stays as it is, so that
its chain still holds; a journal of erasures says which original was replaced by what, never whom it was about.
"""

import hashlib
import hmac
import json
import re
import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from orchestration.access import audit
from orchestration.catalogue.template_versions import load_forms
from orchestration.catalogue.templates import Template, load_templates
from orchestration.errors import GuatuError
from orchestration.intake.files import parse_name
from orchestration.intake.id_numbers import check_digit
from orchestration.intake.lake import lake_file, problems_folder, write_atomically
from orchestration.intake.ledger import Submission, file_sha256, repair
from orchestration.intake.originals import original, replaced_originals
from orchestration.intake.reader import ChildFailed, RawFile, Reader
from orchestration.intake.taking import intake_lock
from orchestration.records.journal import append
from orchestration.release import current_edition, run_lock
from orchestration.release.editions import database_path, sidecar_path
from orchestration.settings import Settings, now
from orchestration.upkeep.home import require_format, upkeep_lock
from orchestration.upkeep.traces import documents_telling_of, editions_telling_of, pattern, tells_of

Kind = Literal["person", "household"]
HOUSEHOLD = "household_id"
GONE = "已删除"


@dataclass(frozen=True)
class Whom:
    """A person by id number, or a household by its number with everybody in it."""

    kind: Kind
    value: str


@dataclass(frozen=True)
class Erased:
    """What was done. ``lost``: originals that could not be rewritten and are gone; ``left``: files that are for others
    to mend, in the inbox or among saved queries."""

    rows: int
    submissions: tuple[int, ...]
    originals: Mapping[str, str | None]
    editions: tuple[str, ...]
    documents: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def lost(self) -> int:
        return sum(kept is None for kept in self.originals.values())


class StandIns:
    """What stands for a value from now on: equal for equal values, and nothing leads back."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def _digest(self, value: str) -> str:
        return hmac.new(self._key, value.encode(), hashlib.sha256).hexdigest()

    def code(self, value: str) -> str:
        return f"{GONE}-{self._digest(value)[:16]}"

    def id_number(self, value: str) -> str:
        """A well-formed number of nobody (area codes 99 do not exist) with the date of birth, by which is counted."""
        number = int(self._digest(value), 16)
        born = value[6:14] if len(value) == 18 else f"19{value[6:12]}"
        body = f"99{number % 10_000:04d}{born}{number // 10_000 % 1000:03d}"
        if len(value) != 18:
            return f"99{number % 10_000:04d}{value[6:12]}{number // 10_000 % 1000:03d}"
        return body + check_digit(body)


def erase(settings: Settings, whom: Whom, person: str, reason: str, publish: Callable[[str], bool]) -> Erased:
    """Takes every trace out. ``publish`` builds the month given anew and says whether that worked.

    Editions that tell of them are removed once a new one is served. Raises GuatuError ``nothing_to_erase``,
    ``bad_erasure``, ``erase_incomplete``, and where ledger, locks or form forbid it.
    """
    value = _checked(whom)
    require_format(settings)
    with upkeep_lock(settings), run_lock(settings), intake_lock(settings):
        submissions = repair(settings)
        for before in replaced_originals(settings):  # of an erasure that was killed, or handed in again since
            (settings.archive / before).unlink(missing_ok=True)
        _clear_scratch(settings)
        names = StandIns()
        rows, touched = _in_lake(settings, whom.kind, value, submissions, names)
        originals, seen = _in_originals(settings, whom.kind, value, submissions, names)
        touched |= seen
        _in_receipts(settings, value, submissions, touched, names)
        editions = editions_telling_of(settings, value)
        documents = documents_telling_of(settings, value)
        if not (touched or originals or editions or documents):
            raise GuatuError(
                "nothing_to_erase",
                "台账、归档、版本和公文中都没有这个号码,没有删除任何内容",
                "this number occurs nowhere; nothing was erased",
            )
        record = {
            "at": now().isoformat(timespec="seconds"), "person": person, "reason": reason, "kind": whom.kind,
            "submissions": sorted(touched), "rows": rows, "originals": originals,
            "editions": [edition.edition_id for edition in editions],
            "documents": [path.relative_to(settings.root).as_posix() for path in documents],
        }  # fmt: skip
        audit.write(settings, person, "administrator", "erasure", submissions=len(touched), editions=len(editions))
        append(settings.erasures, record)
        for before in originals:
            (settings.archive / before).unlink(missing_ok=True)
        for path in documents:
            path.unlink(missing_ok=True)
    if editions:
        _replace_editions(settings, [edition.edition_id for edition in editions], editions[-1].period, publish)
    theirs = (path for folder in (settings.inbox, settings.workbench) for path in folder.rglob("*") if path.is_file())
    waiting = [path.relative_to(settings.root).as_posix() for path in theirs if tells_of(path, value)]
    return Erased(rows, tuple(sorted(touched)), originals, tuple(record["editions"]), tuple(record["documents"]),
                  tuple(sorted(waiting)))  # fmt: skip


def _checked(whom: Whom) -> str:
    value = whom.value.strip().upper() if whom.kind == "person" else whom.value.strip()
    well_formed = len(value) in (15, 18) and value[:-1].isdigit() if whom.kind == "person" else len(value) >= 2
    if not well_formed:
        raise GuatuError(
            "bad_erasure",
            "没有读到证件号码(15 或 18 位)或户编号;请从标准输入给出,一行一个号码",
            "no id number or household number was read from standard input",
            exit_code=2,
        )
    return value


def _new_texts(
    table: pl.DataFrame, template: Template, kind: Kind, value: str, names: StandIns
) -> dict[str, dict[int, str]]:
    """Field -> {position of the row: what stands there from now on}, for the rows about them."""
    ids = [f.name for f in template.fields if f.type == "id_number" and f.name in table.columns]
    by = ids if kind == "person" else [HOUSEHOLD] * (HOUSEHOLD in table.columns)
    if not by:
        return {}
    about = pl.any_horizontal(pl.col(name).cast(pl.String).str.strip_chars().str.to_uppercase() == value.upper()
                              for name in by)  # fmt: skip
    rows = table.with_row_index("at_").filter(about)
    keys = {*template.key, HOUSEHOLD} if kind == "household" else set()
    changes: dict[str, dict[int, str]] = {}
    for field in template.fields:
        personal = field.pii and field.type in ("string", "id_number")
        if field.name not in table.columns or not (personal or (field.type == "string" and field.name in keys)):
            continue
        for at, text in rows.select("at_", field.name).iter_rows():
            if text is None or not str(text).strip():
                continue
            if field.type == "id_number":
                new = names.id_number(str(text).strip().upper())
            else:
                new = names.code(str(text).strip()) if field.name in (*template.key, HOUSEHOLD) else GONE
            changes.setdefault(field.name, {})[at] = new
    return changes


def _in_lake(
    settings: Settings, kind: Kind, value: str, submissions: list[Submission], names: StandIns
) -> tuple[int, set[int]]:
    """Rewrites the lake's files with rows about them; returns how many rows, and of which submissions."""
    templates = load_templates(settings.seeds)
    rows, touched = 0, set()
    for line in submissions:
        path = lake_file(settings, line)
        if not line.rows_accepted or not path.is_file():
            continue
        table = pl.read_parquet(path)
        changes = _new_texts(table, templates[str(line.template)], kind, value, names)
        if not changes:
            continue
        rows += len({at for texts in changes.values() for at in texts})
        touched.add(line.submission_id)
        for name, texts in changes.items():
            column = table[name].to_list()
            for at, text in texts.items():
                column[at] = text
            table = table.with_columns(pl.Series(name, column, dtype=table.schema[name]))
        write_atomically(path, lambda out, table=table: table.write_parquet(out, compression="zstd"))
    return rows, touched


def _in_originals(
    settings: Settings, kind: Kind, value: str, submissions: list[Submission], names: StandIns
) -> tuple[dict[str, str | None], set[int]]:
    """Copies of the originals that tell of them, without; hash before -> after, and the submissions they are of."""
    forms, templates = load_forms(settings.seeds), load_templates(settings.seeds)
    replaced = replaced_originals(settings)
    after: dict[str, str | None] = {}
    touched: set[int] = set()
    with Reader(settings, forms) as reader:
        for line in submissions:
            kept = original(settings, line.sha256, replaced)
            if kept is None or not kept.is_file():
                continue
            if kept.name not in after and tells_of(kept, value):
                found = _copy_without(settings, reader, kept, line, templates, kind, value, names)
                if found != kept.name:
                    after[kept.name] = found
            if kept.name in after:
                touched.add(line.submission_id)
    return after, touched


def _copy_without(
    settings: Settings, reader: Reader, kept: Path, line: Submission, templates: Mapping[str, Template], kind: Kind,
    value: str, names: StandIns,
) -> str | None:  # fmt: skip
    """The hash of the copy now in the archive; None where none can be made that reads the same and tells nothing.

    A household's number may by chance stand in a file that is not about it: that one stays as it is.
    """
    name = parse_name(line.file_name, templates)
    raw = reader.read(kept, name.template if name else None)
    if raw.table is None:
        return None
    changes = _new_texts(raw.table, templates[str(raw.result.template)], kind, value, names)
    if not changes and kind == "household":
        return kept.name
    numbers, positions = raw.table["row_number"].to_list(), raw.result.positions
    cells = {(numbers[at], positions[field]): text for field, texts in changes.items() for at, text in texts.items()}
    copy = settings.work / "erasing"
    try:
        reader.call("replace_cells", kept, copy, raw.result.sheet, cells)
        again = reader.read(copy, name.template if name else None)
        still = kind == "person" and tells_of(copy, value)
        if still or not _same_but_for(raw, again, changes):
            return None
        digest = file_sha256(copy)
        write_atomically(settings.archive / digest, lambda out: shutil.move(copy, out))
        (settings.archive / digest).chmod(0o444)
        return digest
    except ChildFailed:
        return None
    finally:
        copy.unlink(missing_ok=True)


def _same_but_for(before: RawFile, after: RawFile, changes: Mapping[str, Mapping[int, str]]) -> bool:
    """Whether the copy reads as the original did, but for the cells replaced."""
    if before.table is None or after.table is None or before.table.columns != after.table.columns:
        return False
    expected = before.table
    for name, texts in changes.items():
        column = expected[name].to_list()
        for at, text in texts.items():
            column[at] = text
        expected = expected.with_columns(pl.Series(name, column, dtype=pl.String))
        flag = f"{name}#number"
        if flag in expected.columns:  # a number of a table program is text from now on
            flags = [False if at in texts else was for at, was in enumerate(expected[flag].to_list())]
            expected = expected.with_columns(pl.Series(flag, flags, dtype=pl.Boolean))
    return expected.drop("row_number").equals(after.table.drop("row_number"))


def _in_receipts(
    settings: Settings, value: str, submissions: list[Submission], touched: set[int], names: StandIns
) -> None:
    """Annotated copies of what told of them go; what problems and receipts quote is replaced."""
    stand_in, wanted = names.code(value), pattern(value)
    for line in submissions:
        number = line.submission_id
        problems = problems_folder(settings) / f"{number}.parquet"
        quoted = pl.read_parquet(problems) if problems.is_file() else None
        about = pl.col("value", "message")
        if quoted is not None and quoted.select(pl.any_horizontal(about.str.contains(wanted).any())).item():
            touched.add(number)
        if number not in touched:
            continue
        for workbook in settings.receipts.glob(f"{number}_*"):
            workbook.unlink()
        if quoted is not None:
            table = quoted.with_columns(about.str.replace_all(wanted, f"${{1}}{stand_in}${{2}}"))
            write_atomically(problems, lambda out, table=table: table.write_parquet(out, compression="zstd"))
        receipt = settings.receipts / f"{number}.json"
        if receipt.is_file():
            said = re.sub(wanted, rf"\g<1>{stand_in}\g<2>", receipt.read_text(encoding="utf-8"))
            record = json.loads(said)
            text = json.dumps({**record, "annotated_workbook": None}, ensure_ascii=False, indent=1)
            write_atomically(receipt, lambda out, text=text: out.write_text(text + "\n", encoding="utf-8"))


def _clear_scratch(settings: Settings) -> None:
    """Builds leave whole warehouses, and pages cut editions. The caller holds the run lock, so none is being made."""
    for path in settings.work.iterdir():
        if path.is_dir() and path.name != "dbt":
            shutil.rmtree(path, ignore_errors=True)
        elif path.is_file() and path.name != "run.lock":
            path.unlink(missing_ok=True)


def _replace_editions(settings: Settings, old: list[str], period: str, publish: Callable[[str], bool]) -> None:
    """A new edition first, then the old ones go, so that there is always one to look at."""
    worked = publish(period)
    current = current_edition(settings)
    if not worked or current is None or current.edition_id in old:
        raise GuatuError(
            "erase_incomplete",
            f"入库数据、原件和回执已处理,但新版本没有发布成功,含有该户的版本 {'、'.join(old)} 还在。"
            f"运行 guatu doctor 查明,再运行 guatu run --period {period},然后重新执行 guatu erase",
            "the data is erased, but no new edition could be published; the old ones are still there",
        )
    with run_lock(settings):
        for edition_id in old:
            sidecar_path(settings, edition_id).unlink(missing_ok=True)
            database_path(settings, edition_id).unlink(missing_ok=True)
