"""The journal of deliveries: what may be recorded, what is withdrawn, and that it tells when it was changed."""

from datetime import datetime

import pytest

from orchestration.cadence.deliveries import delivered, deliveries_table, record
from orchestration.errors import GuatuError
from orchestration.settings import Settings

NOW = datetime(2020, 10, 8, 9)
LEDGER = ("baicheng-2020", "job_ledger")
COUNTY = "220882000000"


def hand_in(
    settings: Settings, *to: str, at: datetime | None = datetime(2020, 10, 5, 8), **changes: object
) -> list[str]:
    known = {"occurrence": "2020-10-05", "sender": COUNTY, "person": "示例人", "evidence": None, "recorded_at": NOW}
    wanted = known | changes
    return record(
        settings, *LEDGER, wanted["occurrence"], wanted["sender"], to, at,
        wanted["person"], wanted["evidence"], wanted["recorded_at"],
    )  # fmt: skip


def test_all_recipients_where_none_is_named(settings: Settings) -> None:
    assert hand_in(settings) == ["市人社局", "市扶贫办"]
    assert set(delivered(deliveries_table(settings))) == {
        (*LEDGER, "2020-10-05", COUNTY, "市人社局"),
        (*LEDGER, "2020-10-05", COUNTY, "市扶贫办"),
    }


def test_the_later_record_speaks_and_a_withdrawal_leaves_nothing(settings: Settings) -> None:
    key = (*LEDGER, "2020-10-05", COUNTY, "市扶贫办")
    hand_in(settings, "市扶贫办")
    hand_in(settings, "市扶贫办", at=datetime(2020, 10, 7))
    assert delivered(deliveries_table(settings)) == {key: datetime(2020, 10, 7)}
    hand_in(settings, "市扶贫办", at=None)
    assert delivered(deliveries_table(settings)) == {}
    assert deliveries_table(settings).height == 3, "nothing is ever deleted"


def test_what_is_recorded_later_is_not_known_earlier(settings: Settings) -> None:
    hand_in(settings, "市扶贫办")
    hand_in(settings, "市人社局", recorded_at=datetime(2020, 11, 1))
    assert deliveries_table(settings, NOW)["recipient"].to_list() == ["市扶贫办"]


@pytest.mark.parametrize(
    ("code", "call"),
    [
        ("unknown_occurrence", lambda s: hand_in(s, occurrence="2020-10-06")),
        ("unknown_recipient", lambda s: hand_in(s, "某局")),
        ("no_person", lambda s: hand_in(s, person=" ")),
        ("delivered_later", lambda s: hand_in(s, at=datetime(2020, 10, 9))),
        ("nothing_to_withdraw", lambda s: hand_in(s, at=None)),
        (
            "unknown_cadence",
            lambda s: record(s, "baicheng-2020", "none", "2020-10-05", COUNTY, (), NOW, "示例人", None, NOW),
        ),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_no_trace(settings: Settings, code: str, call) -> None:
    with pytest.raises(GuatuError) as error:
        call(settings)
    assert error.value.code == code and deliveries_table(settings).is_empty()


def test_a_changed_journal_is_told(settings: Settings) -> None:
    hand_in(settings)
    path = settings.deliveries
    path.write_text(path.read_text(encoding="utf-8").replace("2020-10-05T08", "2020-10-01T08"), encoding="utf-8")
    with pytest.raises(GuatuError) as error:
        deliveries_table(settings)
    assert error.value.code == "journal_damaged"
