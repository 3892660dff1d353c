"""Running a query from its page: with a clock, a way to stop it, and an entry in the person's history."""

import time
from dataclasses import dataclass

import polars as pl
import streamlit as st

from dashboards.analysis import workbench
from dashboards.analysis.sql_result import result_frame
from dashboards.edition import Edition
from orchestration.access.querying import start_granted
from orchestration.access.roles import Grant
from orchestration.errors import GuatuError
from orchestration.settings import get_settings

OUTCOME = "sql_outcome"
TICK_SECONDS = 0.25


@dataclass(frozen=True)
class Outcome:
    """What came of a query; ``frame`` is None where it failed. ``is_cut``: there are more rows than were taken."""

    sql: str
    edition_id: str
    held: Grant
    seconds: float
    frame: pl.DataFrame | None
    is_cut: bool = False
    error: str = ""


def run(
    edition: Edition, held: Grant, sql: str, seconds: float, most_rows: int, place: st.delta_generator.DeltaGenerator
) -> None:
    """Runs it and keeps the outcome for this visitor's session; ``place`` shows the clock and the way to stop it.

    Any click meanwhile, and closing the page, ends the script here; leaving the ``with`` ends the query's process.
    """
    settings = get_settings()
    started = time.monotonic()
    outcome = Outcome(sql, edition.edition_id, held, 0.0, None, error="查询已停止。")
    st.session_state[OUTCOME] = outcome  # what stands if the script is ended: nothing of the page works any more then
    try:
        with start_granted(settings, held, sql, edition.edition_id, seconds, most_rows + 1) as running:
            with place.container():
                clock = st.empty()
                st.button("停止", key="sql_stop", icon=":material/stop_circle:")
            while not running.wait(TICK_SECONDS):
                clock.caption(f"正在查询,已用 {running.elapsed:.0f} 秒,至多 {seconds:.0f} 秒……")
            frame = result_frame(running.result())
        spent = time.monotonic() - started
        outcome = Outcome(sql, edition.edition_id, held, spent, frame.head(most_rows), frame.height > most_rows)
    except GuatuError as error:
        outcome = Outcome(sql, edition.edition_id, held, time.monotonic() - started, None, error=error.message_zh)
    finally:
        said = f"{outcome.frame.height} 行" if outcome.frame is not None else outcome.error[:200]
        workbench.remember(settings, held.login, sql, edition.edition_id, time.monotonic() - started, said)
    st.session_state[OUTCOME] = outcome
    place.empty()


def newest(edition: Edition, held: Grant) -> Outcome | None:
    """The outcome to show: of this edition, and of what the person may see now."""
    outcome = st.session_state.get(OUTCOME)
    return outcome if outcome and (outcome.edition_id, outcome.held) == (edition.edition_id, held) else None
