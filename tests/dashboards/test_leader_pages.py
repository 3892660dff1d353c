"""总览、排名、奖惩、下月预警 over a real edition: what leaders see, and what those allowed record."""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import edition_files
import leader_rows
import pytest
import sample
from leader_rows import DAFANG, GAOZHAI, WORST
from streamlit.testing.v1 import AppTest
from test_pages import cells, page_html

from dashboards.edition import published_editions
from dashboards.leaders.recorded import records
from orchestration.access import audit
from orchestration.access.roles import operator
from orchestration.records.decisions import decide, matching_actions
from orchestration.records.model import Signature
from orchestration.records.store import read_decisions
from orchestration.settings import get_settings

TOWN = {"period": "2018-09"}
ROUND = {"scheme": "lingshan-2018", "ranking": "round-2018-09", "period": "2018-09"}
MONTHLY = {"scheme": "bijie-2022", "ranking": "monthly-expenditure", "period": "2022-06"}


@pytest.fixture
def published(home: Path) -> Path:
    leader_rows.write_leader_edition(home / "published")
    return home / "published"


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception
    return app


def pick(app: AppTest, key: str, value: object) -> AppTest:
    box = next(widget for kind in (app.selectbox, app.radio) for widget in kind if widget.key == key)
    box.set_value(value)
    app.run()
    return app


def see_as(open_page, page: str, role: str, division: str, **parameters: str) -> AppTest:
    app = open_page(page, **parameters)
    app.selectbox(key="view_role").set_value(role).run()
    app.selectbox(key="view_place").set_value(division).run()
    assert not app.exception
    return app


def tiles(app: AppTest) -> dict[str, tuple[str, str]]:
    """Name of each tile → its tone and its address."""
    found = re.findall(r'<a class="g-tile g-part g-(\w+)" href="([^"]+)".*?<b>. ([^<]+)</b>', page_html(app))
    return {name: (tone, address) for tone, address, name in found}


def test_wall_is_coloured_by_how_much_of_what_is_due_is_met(open_page, published):
    app = open_page("overview")
    tones = {name: tone for name, (tone, _) in tiles(app).items()}
    assert tones == {
        "七星关区": "good", "大方县": "bad", "金沙县": "good", "织金县": "good", "纳雍县": "bad", "威宁彝族…": "bad",
        "赫章县": "bad", "黔西市": "idle",
    }  # fmt: skip
    address = tiles(app)["大方县"][1]
    assert address == f"unit?division={DAFANG}&amp;edition=2022-06_0001&amp;period=2022-06"
    assert "有未达标的,且达标不过半" in page_html(app)


def test_wall_by_place_shows_the_first_the_last_and_those_between(open_page, published):
    app = open_page("overview", colour="place")
    assert {name: tone for name, (tone, _) in tiles(app).items()} == {
        "七星关区": "good", "大方县": "bad", "金沙县": "good", "织金县": "good", "纳雍县": "bad", "威宁彝族…": "bad",
        "赫章县": "bad", "黔西市": "idle",
    }  # fmt: skip
    assert "前三名" in page_html(app) and "○ 未参评 <b>1</b>" in page_html(app)


def test_wall_without_a_ranking_of_its_units_is_coloured_by_share(open_page, published):
    app = open_page("overview", **TOWN, division="411521000000", colour="place")
    assert app.selectbox(key="pick_colour").value == "share" and tiles(app)["灵山"][0] == "bad"


def test_wall_limited_to_one_milestone(open_page, published):
    app = open_page("overview", light="9月底前支出进度达到75%")
    assert {tone for tone, _ in tiles(app).values()} == {"info", "idle"}
    assert tiles(open_page("overview", light="没有这一项"))["大方县"][0] == "bad"


def test_prefecture_has_a_map_and_a_township_has_tiles_only(open_page, published):
    assert len(open_page("overview").get("plotly_chart")) == 1
    town = open_page("overview", **TOWN)
    assert len(town.get("plotly_chart")) == 0
    assert {name: tone for name, (tone, _) in tiles(town).items()} == {
        "涩港": "good", "檀堂": "warn", "高寨": "bad", "董桥": "idle", "董湾": "idle", "黄湾": "idle", "彭畈": "idle",
    }  # fmt: skip


def test_villages_of_a_county_stand_under_their_township(open_page, published):
    html = page_html(open_page("overview", **TOWN, division="411521000000", tiles="village"))
    assert "g-tiles-small" in html and "高寨" in html
    assert tiles(open_page("overview", **TOWN, division="411521000000"))["灵山"][0] == "bad"


def test_who_is_next_with_the_daily_pace(open_page, published):
    app = open_page("overview")
    assert cells(app, "大方县", "到期要做到") == ["大方县", "下月或约谈(倒数第1)", "2022-07-31", "", "109.30"]
    html = page_html(app)
    open_ones = html[html.index("<th>到期要做到</th>") :].split("</table>")[0]
    assert "9月底前支出进度达到75%" in open_ones and "0.53个百分点" in open_ones
    assert "6月底" not in open_ones and "黔西市" not in open_ones


def test_who_owes_since_when_and_whom_to_ask(open_page, published):
    app = open_page("overview")
    assert cells(app, "黔西市", "欠什么") == ["黔西市", "农户台账、家庭成员台账", "2022-06-05", "2", "乡镇"]
    assert cells(app, "市乡村振兴局", "欠什么")[3] == "5"


def test_what_changed_since_the_last_edition_and_since_last_month(open_page, home):
    tables = leader_rows.leader_tables()
    former = [
        (*row[:8], 3, *row[9:]) if row[2] == "2022-06" and row[5] == DAFANG else row for row in tables["fct_ranking"]
    ]
    edition_files.write_edition(home / "published", {**tables, "fct_ranking": former}, 1)
    edition_files.write_edition(home / "published", tables, 2)
    html = page_html(open_page("overview"))
    rows = re.findall(r"<tr>(.*?)</tr>", html)
    texts = [re.findall(r"<td[^>]*>(?:<[^>]+>)*([^<]*)", row) for row in rows]
    assert ["大方县", "衔接资金支出进度月排名", "第3名", "第7名", "—"] in texts
    assert ["纳雍县", "衔接资金支出进度月排名", "第5名", "第4名", "升1位"] in texts


def test_overview_of_a_month_with_nothing_says_so(open_page, published):
    html = page_html(open_page("overview", period="2022-01", division="520500000000"))
    for words in ("没有未到期而还差的节点,下月也没有单位会被约谈。", "本月应报的都已报齐。"):
        assert words in html


def test_neighbours_and_why_of_the_chosen_unit(open_page, published):
    app = open_page("ranking", **MONTHLY, unit=DAFANG)
    html = page_html(app)
    near = html[html.index('<th class="g-num">与本单位相差</th>') :]
    assert cells(app, "大方县")[1] == "第7名"
    assert re.search(r"<tr class=g-marked>.*?大方县", near)
    assert "18.07" in near.split("</table>")[0]
    assert "最小变动(其他单位不变)" in html and "退出后 3 名" in html
    assert "约谈" in html


def test_the_unit_first_shown_is_the_one_that_fell(open_page, published):
    app = open_page("ranking", **MONTHLY)
    box = next(box for box in app.selectbox if box.label == "看哪个单位")
    assert box.value == "520523000000"


def test_unit_without_items_shows_its_place_only(open_page, published):
    html = page_html(open_page("ranking", **ROUND, unit=GAOZHAI))
    assert "该单位本期没有得分构成,或不在您的辖区之内:只显示名次。" in html


def test_level_limits_the_rankings_offered(open_page, published):
    app = open_page("ranking", level="village", scheme="lingshan-2018")
    assert next(box for box in app.selectbox if box.label == "排名").options == ["2018年9月县级排名"]


def test_township_sees_all_places_but_its_own_reasons_only(open_page, published):
    app = see_as(open_page, "ranking", "leader", "520502000000", **MONTHLY, unit=DAFANG)
    html = page_html(app)
    assert cells(app, "大方县")[1] == "第7名"
    assert "只显示名次" in html and "最小变动" not in html
    own = see_as(open_page, "ranking", "leader", DAFANG, **MONTHLY)
    assert next(box for box in own.selectbox if box.label == "看哪个单位").value == DAFANG
    assert "最小变动" in page_html(own)


def test_red_and_black_list_fold_what_was_absorbed(open_page, published):
    html = page_html(open_page("actions", **TOWN))
    red, black = html.index('class="g-list g-list-red"'), html.index('class="g-list g-list-black"')
    lists = html[black:].split('<div class="g-scroll">')[0]
    assert "涩港村" in html[red:black] and "村级经费:奖励村级经费 2.00万元" in html[red:black]
    assert "黄湾村" in lists and "建议免职" in lists and "组织处理" not in lists
    assert 'title="排名后三名的村,扣减村级经费3000元"' in lists
    assert "彭畈村" not in html[red:black] + lists


def test_effect_that_ends_on_a_day_says_so(open_page, home):
    tables = leader_rows.leader_tables()
    barred = (
        "lingshan-2018", "round-2018-09", "2018-09", "R3", WORST, "ls-deduct", "bottom_3", "village", "honours_barred",
        None, None, "proposed", None, 88, 6, 1, "取消评先评优资格", "村", None,
        datetime(2018, 10, 1), datetime(2019, 9, 30),
    )  # fmt: skip
    tables["fct_action"] = [*((*row, None, None, None) for row in tables["fct_action"]), barred]
    edition_files.write_edition(home / "published", tables, 1)
    html = page_html(open_page("actions", **TOWN))
    assert "村:取消评先评优资格,至2019-09-30" in html and "拟取消评先评优资格" in html


def deduction(app: AppTest) -> int:
    box = next(box for box in app.selectbox if box.key == "decide_row")
    return next(at for at, label in enumerate(box.options) if "扣减村级经费" in label)


def test_step_is_recorded_after_confirmation_with_person_and_reason(open_page, published, home):
    app = open_page("actions", **TOWN)
    pick(app, "decide_row", deduction(app))
    next(field for field in app.text_input if field.key == "decide_reason").set_value("现场核实无误")
    press(app, "核对")
    assert "核实,理由“现场核实无误”,经办人 本机操作员" in app.warning[0].value
    assert read_decisions(get_settings()) == []
    press(app, "确认记录")
    ((_, record),) = read_decisions(get_settings())
    assert (record.step, record.division_code, record.person) == ("verified", WORST, "本机操作员")
    assert record.reason == "现场核实无误" and record.edition_id == "2022-06_0001"
    assert cells(app, "1", "经办人")[2:5] == ["黄湾村", "奖惩、村级经费、扣减", "已核实"]
    assert "之后记录,下一版本起显示" in page_html(app)
    (entry,) = [entry for entry in audit.read(get_settings()) if entry["what"] == "decision"]
    assert entry["change"] == "verified"


def test_step_without_reason_is_refused_and_cancelling_records_nothing(open_page, published):
    app = open_page("actions", **TOWN)
    press(app, "核对")
    assert "经办人和理由都要写明" in app.error[0].value
    next(field for field in app.text_input if field.key == "decide_reason").set_value("核实")
    press(app, "核对")
    press(app, "取消")
    assert not app.warning and read_decisions(get_settings()) == []


def test_confirmation_is_dropped_when_something_else_is_chosen(open_page, published):
    app = open_page("actions", **TOWN)
    next(field for field in app.text_input if field.key == "decide_reason").set_value("核实")
    press(app, "核对")
    assert app.warning
    pick(app, "decide_row", deduction(app))
    assert not app.warning


def test_amount_is_changed_after_verification(open_page, published):
    app = open_page("actions", **TOWN)
    for step in ("verified", "changed"):
        pick(app, "decide_row", deduction(app))
        pick(app, "decide_step", step)
        if step == "changed":
            next(field for field in app.text_input if field.key == "decide_amount").set_value("-1,000")
        next(field for field in app.text_input if field.key == "decide_reason").set_value("会议研究")
        press(app, "核对")
        press(app, "确认记录")
    assert [(r.step, r.amount) for _, r in read_decisions(get_settings())] == [("verified", None), ("changed", -1000)]
    assert cells(app, "2", "经办人")[4:6] == ["已变更", "-0.10"]


@pytest.mark.parametrize(("role", "words"), [("township", "须有“奖惩审定”权限"), ("leader", "经办人为当前登录人")])
def test_only_those_allowed_decide(open_page, published, role, words):
    app = see_as(open_page, "actions", role, DAFANG, period="2022-06")
    said = " ".join([*(caption.value for caption in app.caption), page_html(app)])
    assert words in said
    assert any(box.key == "decide_row" for box in app.selectbox) == (role == "leader")


def test_former_editions_are_not_decided_on(open_page, published, home):
    leader_rows.write_leader_edition(published, 2)
    app = open_page("actions", **TOWN, edition="2022-06_0001")
    assert any("只能对照当前版本办理" in caption.value for caption in app.caption)
    assert not any(box.key == "decide_row" for box in app.selectbox)


def test_decision_in_the_edition_is_shown_as_counted(open_page, home):
    tables = leader_rows.leader_tables()
    tables["fct_decision"] = [leader_rows.decision_row(4, "confirmed", datetime(2018, 10, 12, 9))]
    edition_files.write_edition(home / "published", tables, 1)
    row = cells(open_page("actions", **TOWN), "4", "经办人")
    assert row[1:5] == ["2018-10-12 09:00", "黄湾村", "奖惩、村级经费、扣减", "已确认"] and row[-1] == "已计入"


def appeal(app: AppTest, step: str, score: str = "", reason: str = "") -> AppTest:
    box = next(box for box in app.selectbox if box.key == "appeal_row")
    pick(app, "appeal_row", next(at for at, label in enumerate(box.options) if "黄湾村" in label))
    pick(app, "appeal_step", step)
    for key, value in (("appeal_score", score), ("appeal_reason", reason)):
        if value:
            next(field for field in app.text_input if field.key == key).set_value(value)
    return press(app, "试算" if step == "try" else [b.label for b in app.button if b.label == "核对"][-1])


def whole_round(home: Path) -> None:
    """The round with every unit at hand: its places follow from its scores."""
    tables = leader_rows.leader_tables()
    tables["fct_ranking"] = [row for row in tables["fct_ranking"] if row[7] != "pending_announcement"]
    edition_files.write_edition(home / "published", tables, 1)


def test_trial_of_a_score_shows_who_moves_and_records_nothing(open_page, home):
    whole_round(home)
    app = appeal(open_page("actions", **TOWN), "try", "95")
    assert not app.error, app.error[0].value
    assert cells(app, "黄湾村", "增加")[1:3] == ["88.00 → 95.00", "6 → 4"]
    assert read_decisions(get_settings()) == []


def test_appeal_is_lodged_then_dismissed(open_page, home):
    whole_round(home)
    app = open_page("actions", **TOWN)
    box = next(box for box in app.selectbox if box.key == "appeal_row")
    pick(app, "appeal_row", next(at for at, label in enumerate(box.options) if "黄湾村" in label))
    for step in ("lodged", "dismissed"):
        pick(app, "appeal_step", step)
        next(field for field in app.text_input if field.key == "appeal_reason").set_value("复核")
        next(button for button in app.button if button.label == "核对" and "appeal" in button.key).click()
        app.run()
        press(app, "确认记录")
    assert [record.step for _, record in read_decisions(get_settings())] == ["lodged", "dismissed"]
    assert cells(app, "2", "经办人")[3:5] == ["申诉", "申诉驳回"]


def test_warnings_say_what_is_needed_and_by_when(open_page, published):
    app = open_page("warnings")
    row = cells(app, "大方县")
    assert row[1:9] == [
        "衔接资金支出进度月排名", "1", "26.04%", "58.33%", "3,388.45", "109.30", "2022-07-31", "31",
    ]  # fmt: skip
    html = page_html(app)
    assert f'href="unit?division={DAFANG}&amp;edition=2022-06_0001&amp;period=2022-06"' in html
    assert "下月可能被约谈 <b>1</b>" in html and "下月到期的贷款 <b>0</b>" in html
    assert cells(app, "市乡村振兴局")[1] == "资金月调度"
    assert 'title="连续三个月支出进度滞后且排名末三位的,予以约谈"' in html


def test_no_warning_is_said_for_each_kind(open_page, published):
    html = page_html(open_page("warnings", **TOWN))
    assert "照目前进度,下月没有单位会被约谈。" in html and "下月没有到期而还差的节点。" in html


def test_warnings_of_other_counties_are_not_shown(open_page, published):
    html = page_html(see_as(open_page, "warnings", "leader", "520502000000"))
    assert "大方县" not in html and "下月可能被约谈 <b>0</b>" in html


def test_only_own_units_are_offered_for_an_appeal(open_page, published):
    app = see_as(open_page, "actions", "leader", DAFANG, period="2022-06")
    box = next(box for box in app.selectbox if box.key == "appeal_row")
    assert len(box.options) == 1 and box.options[0].startswith("大方县 · ")


def test_where_units_are_many_one_is_looked_up_by_its_name(open_page, published, monkeypatch):
    monkeypatch.setattr("dashboards.leaders.appealing.MOST_UNITS", 2)
    app = open_page("actions", period="2022-06")
    (words,) = [field for field in app.text_input if field.key == "appeal_words"]
    app = words.set_value("大方").run()
    box = next(box for box in app.selectbox if box.key == "appeal_row")
    assert box.options and all("大方县" in option for option in box.options)
    (words,) = [field for field in app.text_input if field.key == "appeal_words"]
    app = words.set_value("没有这个名称").run()
    assert not any(box.key == "appeal_row" for box in app.selectbox)
    assert "没有名称或代码含" in page_html(app)


def test_later_records_are_shown_to_those_who_answer_for_the_unit(published):
    settings = get_settings()
    found, edition_id = matching_actions(
        settings, "lingshan-2018", "round-2018-09", "2018-09", WORST, "ls-deduct", "village_funds", "deduction"
    )
    decide(settings, found, edition_id, "verified", Signature.of("赵主任", "现场核实"))
    (edition,) = published_editions(published)

    def seen(*divisions: str) -> list[str]:
        held = replace(operator(), everywhere=False, divisions=divisions)
        return records(edition, "2018-09", held, {}, {})["shown_in"].to_list()

    assert seen(sample.LINGSHAN) == ["之后记录,下一版本起显示"]
    assert seen(DAFANG) == [] and seen() == []
