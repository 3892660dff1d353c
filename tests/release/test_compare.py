"""What changed between two editions."""

from datetime import datetime
from decimal import Decimal

import duckdb
import pytest

from orchestration.errors import GuatuError
from orchestration.release import diff, publish
from orchestration.settings import Settings

AS_OF = datetime(2022, 7, 6)


def test_values_ranks_and_actions_that_changed(settings: Settings, build_warehouse) -> None:
    a = publish(settings, build_warehouse(marker=1), "2022-06", AS_OF).edition_id
    b = publish(settings, build_warehouse(marker=2), "2022-06", AS_OF).edition_id
    change = diff(settings, a, b)
    assert change.values.total == 2000 and change.ranks.total == 8
    first = change.values.shown[0]
    assert first.key["division_code"] == "522300000000"
    assert (first.before["value"], first.after["value"]) == (Decimal("0.001"), Decimal("0.002"))
    (action,) = change.actions.shown
    assert action.before is None and action.after["state"] == "proposed"
    assert diff(settings, b, a).actions.shown[0].after is None


def test_only_so_many_are_returned_but_all_are_counted(settings: Settings, build_warehouse) -> None:
    a = publish(settings, build_warehouse(marker=1), "2022-06", AS_OF).edition_id
    b = publish(settings, build_warehouse(marker=2), "2022-06", AS_OF).edition_id
    change = diff(settings, a, b, limit=5)
    assert change.values.total == 2000 and len(change.values.shown) == 5


def test_months_only_one_edition_reaches_are_no_change(settings: Settings, build_warehouse) -> None:
    a = publish(settings, build_warehouse(period="2022-06"), "2022-06", AS_OF).edition_id
    path = build_warehouse(period="2022-06")
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "insert into marts.fct_ranking select * replace ('2022-07' as edition_period) from marts.fct_ranking"
        )
    b = publish(settings, path, "2022-07", AS_OF).edition_id
    assert diff(settings, a, b).total == 0


def test_equal_editions_do_not_differ(settings: Settings, build_warehouse) -> None:
    a = publish(settings, build_warehouse(), "2022-06", AS_OF).edition_id
    b = publish(settings, build_warehouse(order="order by hash(i)"), "2022-06", AS_OF).edition_id
    assert diff(settings, a, b).total == 0


def test_unknown_edition_is_named(settings: Settings) -> None:
    with pytest.raises(GuatuError, match="2022-06_0009"):
        diff(settings, "2022-06_0009", "2022-06_0010")
