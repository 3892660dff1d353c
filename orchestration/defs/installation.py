"""The installation a run works on, held for the whole run: one run at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dagster import Backoff, Failure, InitResourceContext, ResourceDefinition, RetryPolicy

from orchestration.errors import GuatuError, system_fault
from orchestration.release import run_lock
from orchestration.settings import Settings

RETRIES = RetryPolicy(max_retries=2, delay=10, backoff=Backoff.EXPONENTIAL)
"""For what may pass by itself, such as a disk that is busy: tried again after ten and twenty seconds."""


@dataclass(frozen=True)
class Installation:
    """Settings, and whom to tell in Chinese what is being done."""

    settings: Settings
    report: Callable[[str], None]


def installation_resource(settings: Settings, report: Callable[[str], None] | None) -> ResourceDefinition:
    """A resource that keeps the run lock from the first step of a run to its last."""

    def hold(context: InitResourceContext) -> Iterator[Installation]:
        tell = report or (context.log.info if context.log else print)
        with failures_in_chinese(), run_lock(settings, on_wait=tell):
            yield Installation(settings, tell)

    return ResourceDefinition(resource_fn=contextmanager(hold), description="本机构的数据目录(GUATU_HOME)")


@contextmanager
def failures_in_chinese() -> Iterator[None]:
    """Errors a person can mend reach Dagster as failures with their Chinese sentence; a retry would not help."""
    try:
        yield
    except Exception as error:
        known = error if isinstance(error, GuatuError) else system_fault(error)
        if known is None:
            raise
        raise Failure(
            description=known.message_zh,
            metadata={"code": known.code, "english": known.message_en},
            allow_retries=False,
        ) from error
