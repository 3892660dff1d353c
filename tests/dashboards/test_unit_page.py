"""单位画像 over a real edition: places, their reasons, exit items, households by right, projects, what is owed."""

import shutil

import duckdb
import edition_files
import pytest
from town_pages import FIRST, LAST, OTHER_TOWN, PERIOD, SECOND, TOWN, html, opened, opened_as, row, rows, text

from orchestration.settings import get_settings

VILLAGE = {"period": PERIOD, "division": SECOND}


def test_village_shows_places_exit_items_and_targets(round_home):
    app = opened("unit", **VILLAGE)
    assert not app.error
    shown = text(app)
    assert "灵山镇" in shown and "2018年7月" in shown and "暂定(未核定)" in shown
    assert row(app, "广播电视")[1:] == ["无", "有", "✖ 未达标"]
    assert row(app, "村集体经济收入")[1] == "19,999.99元"
    place = next(cells for cells in rows(app) if len(cells) == 7 and cells[1] == PERIOD)
    assert place[2:5] == ["92.00", "2", "7"]


def test_why_is_the_engine_of_the_command(round_home):
    app = opened("unit", period=PERIOD, division=LAST)
    shown = text(app)
    assert "名次带来的奖惩" in shown and "逐项" in shown
    assert "倒数第 1 名" in shown


def test_township_counts_the_villages_that_fail(round_home):
    app = opened("unit", period=PERIOD, division=TOWN)
    assert row(app, "广播电视") == ["广播电视", "2", "1", "0", "示例2村"]
    assert row(app, "村情监测表")[1:3] == ["3", "7"]  # a village without its collective income is not complete


def test_boxes_lead_to_the_unit_and_the_link_says_so(round_home):
    app = opened("unit", period=PERIOD, division=TOWN)
    app.selectbox(key="pick_unit_village").select(FIRST).run()
    assert not app.error
    assert app.query_params["division"] in (FIRST, [FIRST])
    assert FIRST in text(app)
    app.selectbox(key="pick_unit_village").select("").run()
    assert app.query_params["division"] in (TOWN, [TOWN])


def test_link_to_an_unknown_unit_falls_back(round_home):
    app = opened("unit", period=PERIOD, division="999999999999")
    assert not app.error
    assert "999999999999" not in text(app)


@pytest.mark.parametrize(("role", "seen"), [("township", True), ("administrator", False)])
def test_households_only_by_right(round_home, sign_in_as, role, seen):
    divisions = (TOWN,) if role == "township" else ()
    app = opened_as(sign_in_as, "unit", role, *divisions, period=PERIOD, division=TOWN)
    assert ("您的角色看不到农户" in text(app)) != seen
    assert bool(app.toggle) == seen
    if seen:
        app.toggle(key="show_households").set_value(True).run()
        assert not app.error
        assert "户编号为代号" in text(app)
        copy = shutil.copy(get_settings().published / "2018-07_0001.duckdb", round_home / "copy.duckdb")
        with duckdb.connect(str(copy)) as connection:
            known = connection.execute(
                "select household_id from marts.fct_household where exit_standard = 'fail' and period = ?", [PERIOD]
            ).fetchall()
        assert known
        assert not [code for (code,) in known if code in html(app)]  # a code in place of the number


def test_another_township_sees_nothing_of_its_neighbour(round_home, sign_in_as):
    app = opened_as(sign_in_as, "unit", "township", OTHER_TOWN, period=PERIOD, division=TOWN)
    assert not app.error
    assert "宽带网络" not in text(app) and "灵山镇" not in text(app)
    assert not [button for button in app.get("download_button") if "批注表" in button.proto.label]


def test_approved_month_is_no_longer_provisional(round_home):
    from orchestration.access.roles import operator
    from orchestration.records.reviews import take_step
    from orchestration.release import open_edition

    settings = get_settings()
    with open_edition(settings) as connection:
        for step, person in (("check", "周明"), ("approve", "李华")):
            take_step(settings, connection, PERIOD, TOWN, step, person, operator(), "集体收入下月补齐")
    assert "已核定" in text(opened("unit", **VILLAGE))
    assert "已核定" in text(opened("overview", period=PERIOD, division=TOWN))
    assert "暂定(未核定)" in text(opened("overview", period=PERIOD, division="411521000000"))


def test_states_without_data(home):
    assert "还没有发布任何版本" in opened("unit").info[0].value
    edition_files.write_edition(home / "published", {}, 1)
    app = opened("unit")
    assert not app.error and app.info


def test_edition_without_a_table_is_one_chinese_line(round_home):
    path = get_settings().published / "2018-07_0001.duckdb"
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute("drop table marts.fct_village_exit")
    assert "缺少本页所需的表或列" in opened("unit", **VILLAGE).error[0].value
