"""The demo's mishaps meet intake: each comes out as its author meant it to."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from orchestration.demo import DemoBatch, make_demo
from orchestration.intake import Submission, ingest
from orchestration.settings import Settings, get_settings

TAKEN = (  # (received on, part of the file's name)
    ("2018-07-04", "行政区划表"), ("2018-07-04", "农户台账"), ("2018-08-04", "农户台账"), ("2018-08-04", "项目库"),
    ("2018-08-04", "入户走访记录"), ("2018-08-04", "小额信贷台账"), ("2018-08-04", "驻村考勤表"),
    ("2018-08-04", "扶贫资产台账"), ("2018-08-05", "小额信贷台账"), ("2018-08-05", "驻村考勤表_411521103"),
    ("2018-09-04", "家庭成员台账"), ("2018-09-04", "入户走访记录"), ("2018-09-04", "资金下达台账"),
    ("2018-10-04", "走访情况汇总"), ("2018-10-04", "会议签到表"),
    ("2022-02-04", "行政区划表"), ("2022-02-04", "资金支付台账"),
)  # fmt: skip


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return get_settings(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def taken(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Submission]:
    """(received on, template or file name) -> the submission as recorded."""
    results: dict[tuple[str, str], Submission] = {}
    for batch in make_demo(settings, tmp_path_factory.mktemp("demo")):
        chosen = _chosen(batch)
        if chosen:
            for result in ingest(settings, chosen, received_at=batch.received_at):
                submission = result.submission
                results[f"{batch.received_at:%Y-%m-%d}", submission.template or submission.file_name] = submission
    return results


def _chosen(batch: DemoBatch) -> list[Path]:
    day = f"{batch.received_at:%Y-%m-%d}"
    return [file for file in batch.files if any(day == on and part in file.name for on, part in TAKEN)]


def _lake(settings: Settings, submission: Submission) -> pl.DataFrame:
    name = f"{submission.template}/period={submission.period}/{submission.submission_id}.parquet"
    return pl.read_parquet(settings.lake / name)


@pytest.mark.parametrize(("received", "template", "outcome"), [
    ("2018-07-04", "divisions", "accepted"),  # GB18030, scope shortened to 41
    ("2018-07-04", "households", "partial"),
    ("2018-08-04", "households", "accepted"),  # two header rows with merged groups
    ("2018-08-04", "projects", "accepted"),
    ("2018-08-04", "visits", "accepted"),  # tabs
    ("2018-08-04", "loans", "refused"),
    ("2018-08-05", "loans", "accepted"),
    ("2018-08-05", "team_attendance", "duplicate"),
    ("2018-09-04", "persons", "accepted"),  # GB18030
    ("2018-09-04", "visits", "refused"),  # cut off on its way
    ("2018-09-04", "fund_receipts", "accepted"),
    ("2018-10-04", "visits", "accepted"),  # a name that says nothing
    ("2018-10-04", "会议签到表.csv", "refused"),
    ("2022-02-04", "divisions", "accepted"),
    ("2022-02-04", "fund_payments", "partial"),
])  # fmt: skip
def test_outcomes(taken: dict[tuple[str, str], Submission], received: str, template: str, outcome: str) -> None:
    submission = taken[received, template]
    assert submission.outcome == outcome
    assert submission.rows_read == submission.rows_accepted + submission.rows_rejected


def test_six_rows_of_june_are_handed_back(taken: dict[tuple[str, str], Submission]) -> None:
    june = taken["2018-07-04", "households"]
    assert (june.rows_read, june.rows_rejected) == (1800, 6)


def test_a_month_without_receipts_is_a_nil_return(taken: dict[tuple[str, str], Submission]) -> None:
    assert taken["2018-09-04", "fund_receipts"].rows_read == 0


def test_the_former_code_of_qianxi_is_no_longer_known(taken: dict[tuple[str, str], Submission]) -> None:
    assert taken["2022-02-04", "fund_payments"].rows_rejected == 1


def test_the_file_without_a_telling_name_is_that_of_lingshan(
    taken: dict[tuple[str, str], Submission],
) -> None:
    visits = taken["2018-10-04", "visits"]
    assert (visits.scope_code, visits.period) == ("411521103000", "2018-09")
    assert visits.received_at == datetime(2018, 10, 4, 10)


def test_ten_thousands_become_yuan(settings: Settings, taken: dict[tuple[str, str], Submission]) -> None:
    projects = _lake(settings, taken["2018-08-04", "projects"]).filter(pl.col("project_year") == 2018)
    assert projects.height == 49
    assert projects["planned_amount"].sum() == 19_860_000
