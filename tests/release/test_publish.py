"""Publishing: immutable editions, one pointer, equal content has equal hashes."""

import json
import os
import stat
from datetime import datetime

import duckdb
import pytest

from orchestration.errors import GuatuError
from orchestration.release import current_edition, list_editions, next_edition_id, open_edition, publish, tidy
from orchestration.settings import Settings

AS_OF = datetime(2022, 7, 6, 9)


def test_first_edition_is_served_with_its_sidecar(settings: Settings, build_warehouse) -> None:
    edition = publish(settings, build_warehouse(), "2022-06", AS_OF)
    assert edition.edition_id == "2022-06_0001"
    pointer = settings.published / "current.duckdb"
    assert pointer.is_symlink() and pointer.resolve().name == "2022-06_0001.duckdb"
    sidecar = json.loads((settings.published / "2022-06_0001.json").read_text(encoding="utf-8"))
    assert sidecar["tables"] == {
        "dim_division": 0,
        "dim_edition": 1,
        "fct_action": 0,
        "fct_indicator": 2000,
        "fct_ranking": 8,
        "fct_submission": 0,
    }
    assert sidecar["sequence"] == 1 and sidecar["period"] == "2022-06"
    assert stat.S_IMODE(os.stat(pointer.resolve()).st_mode) == 0o444


def test_views_of_the_same_names_answer_without_schema(settings: Settings, build_warehouse) -> None:
    publish(settings, build_warehouse(), "2022-06", AS_OF)
    path = (settings.published / "current.duckdb").resolve()
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("select count(*) from fct_ranking").fetchone() == (8,)
        assert connection.execute("select count(*) from marts.fct_ranking").fetchone() == (8,)


def test_running_number_counts_over_all_periods(settings: Settings, build_warehouse) -> None:
    publish(settings, build_warehouse(), "2022-06", AS_OF)
    publish(settings, build_warehouse(period="2022-05"), "2022-05", AS_OF)
    assert next_edition_id(settings, "2022-06") == "2022-06_0003"
    assert [e.edition_id for e in list_editions(settings)] == ["2022-06_0001", "2022-05_0002"]
    assert [e.edition_id for e in list_editions(settings, "2022-06")] == ["2022-06_0001"]
    assert current_edition(settings).edition_id == "2022-05_0002"


def test_hash_is_of_content_not_of_order_or_moment(settings: Settings, build_warehouse) -> None:
    first = publish(settings, build_warehouse(), "2022-06", AS_OF)
    shuffled = publish(settings, build_warehouse(order="order by hash(i)"), "2022-06", datetime(2023, 1, 1))
    changed = publish(settings, build_warehouse(marker=2), "2022-06", AS_OF)
    assert first.logical_hash == shuffled.logical_hash
    assert first.logical_hash != changed.logical_hash
    assert first.table_hashes["fct_ranking"] != changed.table_hashes["fct_ranking"]


def test_two_equal_rows_do_not_cancel_out(settings: Settings, build_warehouse) -> None:
    path = build_warehouse()
    once = publish(settings, path, "2022-06", AS_OF).table_hashes["fct_ranking"]
    with duckdb.connect(str(path)) as connection:
        for _ in range(2):
            connection.execute("insert into marts.fct_ranking select * from marts.fct_ranking limit 8")
    assert publish(settings, path, "2022-06", AS_OF).table_hashes["fct_ranking"] != once


def test_what_a_page_asks_for_lies_together(settings: Settings, tmp_path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            """
            create table marts.fct_indicator as
            select period, division_code, level, indicator_code
            from (values ('2022-05'), ('2022-06')) as months (period)
            cross join (
                values ('411521000000', 'county'), ('411521100000', 'township'), ('411521100201', 'village'),
                    ('411522000000', 'county'), ('411522100000', 'township'), ('411522100201', 'village')
            ) as places (division_code, level)
            cross join (values ('poor_households'), ('visit_rate')) as indicators (indicator_code)
            order by hash((period, division_code, indicator_code))
            """
        )
    publish(settings, warehouse, "2022-06", AS_OF)
    with open_edition(settings) as connection:
        rows = connection.execute("select period, level, division_code, indicator_code from fct_indicator").fetchall()
    assert rows == sorted(rows)
    assert len({row[:3] for row in rows}) == 12


def test_warehouse_without_marts_leaves_the_former_edition(settings: Settings, build_warehouse, tmp_path) -> None:
    publish(settings, build_warehouse(), "2022-06", AS_OF)
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    with pytest.raises(GuatuError) as error:
        publish(settings, empty, "2022-06", AS_OF)
    assert error.value.code == "publish_failed" and error.value.exit_code == 3
    assert current_edition(settings).edition_id == "2022-06_0001"


def test_personal_columns_are_never_published(settings: Settings, build_warehouse) -> None:
    path = build_warehouse()
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table marts.fct_household as select 'H1' as household_id, '张示例' as head_name")
    with pytest.raises(GuatuError, match=r"fct_household\.head_name"):
        publish(settings, path, "2022-06", AS_OF)
    assert list_editions(settings) == []
    assert b"\xe5\xbc\xa0\xe7\xa4\xba\xe4\xbe\x8b" not in b"".join(
        p.read_bytes() for p in settings.published.iterdir() if p.is_file()
    )


def test_tidy_removes_half_made_files_and_serves_the_newest_complete(settings: Settings, build_warehouse) -> None:
    publish(settings, build_warehouse(), "2022-06", AS_OF)
    publish(settings, build_warehouse(), "2022-06", AS_OF)
    folder = settings.published
    (folder / ".2022-06_0003.duckdb.tmp").write_bytes(b"half")
    (folder / "2022-06_0003.duckdb").write_bytes(b"no sidecar yet")
    pointer = folder / "current.duckdb"
    pointer.unlink()
    pointer.symlink_to("2022-06_0001.duckdb")  # killed after the sidecar, before the pointer
    assert tidy(settings) == [".2022-06_0003.duckdb.tmp", "2022-06_0003.duckdb"]
    assert current_edition(settings).edition_id == "2022-06_0002"


def test_old_editions_go_but_the_newest_of_each_period_stays(settings: Settings, build_warehouse) -> None:
    few = settings.model_copy(update={"keep_editions": 2})
    publish(few, build_warehouse(period="2022-05"), "2022-05", AS_OF)
    for _ in range(4):
        publish(few, build_warehouse(), "2022-06", AS_OF)
    assert [e.edition_id for e in list_editions(few)] == ["2022-05_0001", "2022-06_0004", "2022-06_0005"]


def test_without_symbolic_links_the_pointer_is_a_second_name(settings: Settings, build_warehouse, monkeypatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no right to create symbolic links")

    monkeypatch.setattr("pathlib.Path.symlink_to", refuse)
    publish(settings, build_warehouse(), "2022-06", AS_OF)
    second = publish(settings, build_warehouse(marker=2), "2022-06", AS_OF)
    assert current_edition(settings) == second
    with duckdb.connect(str(settings.published / "current.duckdb"), read_only=True) as connection:
        assert connection.execute("select max(score) from fct_ranking").fetchone()[0] == 2


def test_no_edition_says_what_to_do(settings: Settings) -> None:
    with pytest.raises(GuatuError, match="guatu run --period"):
        open_edition(settings)
