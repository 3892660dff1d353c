"""Tries a draft scheme on a past month: built as if it were in force, compared with what is, never published.

A trial works on a copy of the catalogue and in scratch folders of its own, which it removes; it holds the run lock,
because all builds of an installation share their inputs. Ledger, lake and published editions are only read.
"""

import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import yaml

from orchestration.build import build, inputs_folder
from orchestration.catalogue.indicators import load_reference
from orchestration.catalogue.lint import lint_files
from orchestration.catalogue.schemes import Scheme, load_schemes, read_scheme, same_document
from orchestration.errors import GuatuError
from orchestration.month import check_period
from orchestration.release import run_lock
from orchestration.settings import Settings, now
from orchestration.trial_results import (
    Reading,
    Trial,
    action_changes,
    rank_changes,
    read_results,
    state_changes,
)
from orchestration.yaml_text import read_yaml

FAVOURABLE = ("money_up", "honour", "priority")
NAMED_ERRORS = 3


def try_scheme(
    settings: Settings,
    file: Path,
    period: str,
    as_of: datetime | None = None,
    report: Callable[[str], None] | None = None,
) -> Trial:
    """Runs the draft in ``file`` on ``period`` with what was received by ``as_of`` (the present).

    The draft stands in place of the versions of its own document (same code, or either replaces the other), and
    beside all other schemes. A draft not in force in that month is taken to be in force in that whole year.

    Raises GuatuError ``scheme_invalid`` for a draft the linter refuses, ``no_such_file``, ``bad_period``,
    ``nothing_received``, ``busy``, and ``trial_failed`` where the models or their checks do not pass.
    """
    tell = report or (lambda _: None)
    check_period(period)
    draft = _checked(file, settings.seeds)
    if not settings.ledger.exists():
        raise GuatuError(
            "nothing_received",
            f"{settings.root} 还没有接收过报送,无从试算。请先运行 guatu ingest,或用 --home 指明数据目录。",
            f"nothing has been received in {settings.root} yet",
        )
    against = compared_with(draft, load_schemes(settings.seeds), period)
    moment = as_of or now()
    with run_lock(settings, on_wait=tell):
        folder = Path(mkdtemp(prefix=f"{period}_trial-", dir=settings.work))
        try:
            seeds = folder / "seeds"
            _copy_without_versions(settings.seeds, seeds, draft)
            tried = _put(file, draft, seeds, period)
            tell(f"试算 {draft.scheme},{period}")
            codes = [scheme.scheme for scheme in against]
            wanted = [[draft.scheme], codes]
            after, before = _results(settings, seeds, period, moment, f"{folder.name}-draft", wanted)
            if _gave_way(against, draft):
                tell(f"计算现行办法,{period}")
                (before,) = _results(settings, settings.seeds, period, moment, f"{folder.name}-base", [codes])
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.rmtree(inputs_folder(settings), ignore_errors=True)  # holds the draft's catalogue
    return Trial(
        scheme=draft.scheme,
        title=draft.title,
        period=period,
        as_of=moment,
        valid_from=tried.valid_from,
        valid_to=tried.valid_to,
        assumed=tried != draft,
        against=tuple(scheme.scheme for scheme in against),
        draft=after.outcome,
        base=before.outcome if against else None,
        action_changes=action_changes(before.outcome.actions, after.outcome.actions) if against else (),
        rank_changes=rank_changes(before, after) if against else (),
        state_changes=state_changes(before, after) if against else (),
    )


def compared_with(draft: Scheme, schemes: dict[str, Scheme], period: str) -> tuple[Scheme, ...]:
    """The versions of the draft's document in force in ``period``, or else the schemes of its division."""
    in_force = [scheme for scheme in schemes.values() if holds_in(scheme, period)]
    versions = tuple(scheme for scheme in in_force if same_document(scheme, draft))
    return versions or tuple(s for s in in_force if s.division is not None and s.division == draft.division)


def holds_in(scheme: Scheme, period: str) -> bool:
    """Whether the scheme is in force on some day of the month."""
    first = date.fromisoformat(f"{period}-01")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return scheme.valid_from <= last and scheme.valid_to >= first


def _gave_way(against: tuple[Scheme, ...], draft: Scheme) -> bool:
    """Whether what the draft is compared with had to give way to it, and needs a build of its own."""
    return any(same_document(scheme, draft) for scheme in against)


def _checked(file: Path, seeds: Path) -> Scheme:
    """The draft, when the linter finds no error in it among the schemes it would stand beside."""
    if not file.is_file():
        raise GuatuError("no_such_file", f"没有办法文件 {file}。", f"no scheme file {file}", exit_code=2)
    installed = load_schemes(seeds)  # tells of an installed scheme that is wrong, by its own path
    with TemporaryDirectory(prefix="guatu-") as folder:
        besides = Path(folder) / "seeds"
        try:
            draft = read_scheme(file)
        except ValueError:
            draft, besides = None, seeds
        else:
            _copy_without_versions(seeds, besides, draft)
        errors = [finding.message for finding in lint_files([file], besides) if finding.severity == "error"]
    errors += _clause_ids_taken(draft, installed) if draft else []
    if errors or draft is None:
        named = " ".join(errors[:NAMED_ERRORS])
        raise GuatuError(
            "scheme_invalid",
            f"草稿 {file.name} 有 {len(errors)} 项错误,未试算:{named} 全部错误请运行 guatu scheme lint {file} 查看。",
            f"draft {file.name} has {len(errors)} errors and was not tried; run guatu scheme lint on it",
        )
    return draft


def _clause_ids_taken(draft: Scheme, installed: dict[str, Scheme]) -> list[str]:
    """Clause ids are unique over all schemes: a copy of a scheme under another code must say that it replaces it."""
    mine = {clause.id for clause in draft.clauses}
    others = [scheme for scheme in installed.values() if not same_document(scheme, draft)]
    return [
        f"条款号 {taken[0]} 等 {len(taken)} 个已用于 {scheme.scheme}。请另编条款号,或写 replaces: {scheme.scheme}。"
        for scheme in others
        for taken in [sorted(mine & {clause.id for clause in scheme.clauses})]
        if taken
    ]


def _copy_without_versions(seeds: Path, target: Path, draft: Scheme) -> None:
    """The catalogue without the versions of the draft's document, so that the draft can take their place."""
    shutil.copytree(seeds, target)
    for path in (target / "schemes").glob("*.yml"):
        if same_document(read_scheme(path), draft):
            path.unlink()


def _put(file: Path, draft: Scheme, seeds: Path, period: str) -> Scheme:
    """Writes the draft into the catalogue's copy, in force in ``period``; returns it as written."""
    raw = read_yaml(file.read_text(encoding="utf-8"))
    if not holds_in(draft, period):
        raw |= {"valid_from": date(int(period[:4]), 1, 1), "valid_to": date(int(period[:4]), 12, 31)}
    taken = {path.name for path in (seeds / "schemes").glob("*.yml")}
    name = f"{draft.scheme}.yml"
    path = seeds / "schemes" / (f"trial-{name}" if name in taken else name)
    path.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return read_scheme(path)


def _results(
    settings: Settings, seeds: Path, period: str, as_of: datetime, edition_id: str, wanted: list[list[str]]
) -> list[Reading]:
    """Builds with the catalogue in ``seeds`` and reads the results of each group of schemes; the build is removed."""
    consequences = load_reference(seeds, "consequences")
    favourable = set(consequences.filter(consequences["consequence"].is_in(FAVOURABLE))["kind"])
    try:
        result = build(settings.model_copy(update={"seeds": seeds}), period, as_of, edition_id, whole=True)
        if not result.ok:
            raise GuatuError(
                "trial_failed",
                f"试算 {period} 未能完成:{result.summary}",
                f"the trial of {period} could not be built",
                exit_code=3,
            )
        return [read_results(result.database, period, schemes, favourable) for schemes in wanted]
    finally:
        shutil.rmtree(settings.work / edition_id, ignore_errors=True)
