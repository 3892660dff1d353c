"""One pass: every step due by a day and not yet done, each done and then written down.

The order is make, tell, record. A pass killed in between is begun again by the next: the documents get the same names
and bytes, and people may be told twice, with the same number; that a notice was about to go out is noted first, and the
second one says that it may be one. The other order would lose a notice for ever.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from filelock import FileLock, Timeout

from orchestration import notify
from orchestration.cadence.standing import Sender
from orchestration.catalogue.cadences import Cadence
from orchestration.catalogue.schemes import Scheme, load_schemes
from orchestration.errors import GuatuError
from orchestration.release import list_editions
from orchestration.reports.kinds import load_kinds
from orchestration.rhythm import words
from orchestration.rhythm.done import Done, Outcome, all_done, began, begin, record
from orchestration.rhythm.files import Made, clear_scratch, make_files
from orchestration.rhythm.owing import Owed
from orchestration.rhythm.steps import Step, edition_steps, steps
from orchestration.settings import Settings, now

LOCK_SECONDS = 600.0
BEGUN = "rhythm-notices"
"""Folder of the scratch: a file for each notice that is being sent."""
Make = Callable[[Settings, Step, Scheme, Cadence], Made | None]
Tell = Callable[[Settings, notify.Message], bool]


@dataclass(frozen=True)
class Pass:
    """What one pass did: steps recorded, steps that wait for an edition, and what went wrong in Chinese."""

    done: list[Done]
    waiting: list[Step]
    problems: list[tuple[Step, str]]


def pending(settings: Settings, on: date) -> list[Step]:
    """The steps due by a day that the journal does not have; of the day itself where the rhythm has not begun."""
    since = began(settings) or on
    intervals = {kind.cadence for kind in load_kinds(settings.seeds).values() if kind.cadence}
    asked = [
        *steps(load_schemes(settings.seeds).values(), intervals, since, on),
        *edition_steps(settings.due_day, settings.edition_grace_days, since, on),
    ]
    known = {each.key for each in all_done(settings)}
    return sorted((step for step in asked if step.key not in known), key=lambda step: (step.day, step.key))


def keep(settings: Settings, on: date, make: Make = make_files, tell: Tell = notify.send) -> Pass:
    """Does what is due by ``on``; one step's failure leaves that step for the next pass and does not stop the others.

    Raises GuatuError ``busy`` while another pass is at work, ``journal_damaged``.
    """
    result = Pass([], [], [])
    with _one_at_a_time(settings):
        clear_scratch(settings)
        begin(settings, on)
        owed = Owed(settings, on)
        for step in pending(settings, on):
            try:
                done = _take(settings, step, on, owed, make, tell)
            except GuatuError as error:
                result.problems.append((step, error.message_zh))
                continue
            if done is None:
                result.waiting.append(step)
            else:
                result.done.append(done)
    return result


def _take(settings: Settings, step: Step, on: date, owed: Owed, make: Make, tell: Tell) -> Done | None:
    if step.what == "edition":
        return _edition(settings, step, tell)
    scheme = load_schemes(settings.seeds)[step.scheme]
    cadence = next(each for each in scheme.cadences if each.code == step.cadence)
    if step.what == "make":
        return _make(settings, step, scheme, cadence, owed.senders(scheme, cadence, step.due_on), make, tell)
    if step.what == "remind" and on > step.due_on:
        return record(settings, step, "expired", now())
    owing = owed.owing(scheme, cadence, step.occurrence, step.due_on)
    if not owing:
        return record(settings, step, "settled", now())
    message = (words.remind if step.what == "remind" else words.chase)(step, scheme, cadence, owing)
    return _told(settings, step, message, tell)


def _told(
    settings: Settings,
    step: Step,
    message: notify.Message,
    tell: Tell,
    outcome: Outcome = "told",
    made: Made | None = None,
) -> Done | None:
    """Sends a notice and writes the step down."""
    begun = settings.work / BEGUN / message.message_id
    may_be_second = begun.exists()
    begun.parent.mkdir(parents=True, exist_ok=True)
    begun.touch()
    sent = tell(settings, message.again() if may_be_second else message)
    files, edition = (made.files, made.edition) if made else (None, None)
    done = record(settings, step, outcome, now(), sent, files, edition, message.message_id)
    begun.unlink(missing_ok=True)
    return done


def _make(
    settings: Settings, step: Step, scheme: Scheme, cadence: Cadence, here: list[Sender], make: Make, tell: Tell
) -> Done | None:
    """None while the edition is not there. An installation without the scheme's division has nothing to write."""
    if not here:
        return record(settings, step, "settled", now())
    made = make(settings, step, scheme, cadence)
    if made is None:
        return None
    if not made.files:
        return record(settings, step, "empty", now(), edition=made.edition)
    return _told(settings, step, words.made(step, scheme, cadence, made), tell, "made", made)


def _edition(settings: Settings, step: Step, tell: Tell) -> Done | None:
    if any(edition.period >= step.occurrence for edition in list_editions(settings)):
        return record(settings, step, "settled", now())
    return _told(settings, step, words.edition_missing(step), tell)


@contextmanager
def _one_at_a_time(settings: Settings) -> Iterator[None]:
    """The operating system frees the lock when a pass dies."""
    settings.work.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.work / "rhythm.lock")
    try:
        lock.acquire(timeout=LOCK_SECONDS)
    except Timeout as error:
        raise GuatuError(
            "busy",
            "另一轮定期事项正在办理,请待其结束后重试。",
            "another pass of the rhythm is at work; try again later",
            exit_code=3,
        ) from error
    try:
        yield
    finally:
        lock.release()
