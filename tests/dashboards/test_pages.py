"""Every page over a real edition: what it says, what it leaves unsaid, and what a link opens."""

import re
from datetime import date
from pathlib import Path

import edition_files
import pytest
import sample
from streamlit.testing.v1 import AppTest

PAGES = ["overview", "ranking", "actions", "warnings", "funds"]


@pytest.fixture
def published(home: Path) -> Path:
    edition_files.write_sample(home / "published")
    return home / "published"


def page_html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def cells(app: AppTest, first: str, heading: str = "") -> list[str]:
    """Texts of the table row whose first cell reads ``first``, in the table with that column heading or after it."""
    html = page_html(app)
    start = html.index(f"<th>{heading}</th>") if heading else 0
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", html[start:], flags=re.S):
        texts = [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", row, flags=re.S)]
        if texts and texts[0] == first:
            return texts
    raise AssertionError(f"没有以“{first}”开头的行")


@pytest.mark.parametrize("page", PAGES)
def test_page_opens_without_error(open_page, published, page):
    app = open_page(page)
    assert not app.error
    assert "2022-06_0002" in page_html(app)


def test_damaged_edition_file_is_one_chinese_line(open_page, published):
    (published / "2022-06_0002.duckdb").write_bytes(b"not a database")
    assert "无法读取" in open_page("overview").error[0].value


def test_link_opens_the_same_view(open_page, published):
    app = open_page("overview", edition="2022-06_0001", period="2022-04", division="520521000000")
    html = page_html(app)
    assert "大方县 2022年4月 总览" in html
    assert "您查看的不是当前版本" in html
    assert app.query_params["period"] == ["2022-04"] or app.query_params["period"] == "2022-04"


def test_link_to_what_is_not_there_falls_back(open_page, published):
    app = open_page("overview", edition="2030-01_0009", period="1999-01", division="<img src=x>")
    assert "毕节市 2022年6月 总览" in page_html(app)
    assert "<img" not in page_html(app)


def test_choice_goes_into_the_url_and_along_to_the_next_page(open_page, published):
    app = open_page("overview")
    next(box for box in app.selectbox if box.label == "期别").set_value("2022-05").run()
    assert "2022年5月" in page_html(app)
    app.switch_page("app_pages/funds.py").run()
    assert "2022年5月 资金进度" in page_html(app)


def test_overview_scope_starts_at_the_home_of_a_scheme_in_force(open_page, published):
    assert "灵山镇 2018年9月 总览" in page_html(open_page("overview", period="2018-09"))


def test_overview_shows_change_in_points_and_partial_coverage(open_page, published):
    html = page_html(open_page("overview"))
    assert "▲ 上升 6.60个百分点" in html
    assert "仅覆盖 92.3% 的村" in html


def test_overview_names_who_is_red_and_who_owes(open_page, published):
    app = open_page("overview")
    assert cells(app, "大方县", "未达标节点") == [
        "大方县", "3月底前支出进度达到30%(3月31日)、6月底前支出进度达到50%(6月30日)",
        "衔接资金支出进度月排名倒数第1", "3", "约谈",
    ]  # fmt: skip
    assert cells(app, "资金拨付表")[:4] == ["资金拨付表", "0", "800", "0.00%"]
    assert cells(app, "✖ 整份退回")[1:] == ["1", "310", "0", "310", "0"]


def test_overview_shows_what_the_last_edition_corrected(open_page, published):
    html = page_html(open_page("overview"))
    corrected = html[html.index("790户") - 400 : html.index("790户") + 100]
    assert "监测对象户数" in corrected and "812户" in corrected


def test_target_that_differs_by_class_counts_each_village_once(open_page, published):
    html = page_html(open_page("overview", period="2018-09"))
    board = html[html.index('<div class="g-light-title">贫困发生率控制') :]
    assert "非贫困村贫困发生率控制" not in html and "全镇贫困发生率控制" not in html
    lights = re.findall(r'title="([^"]+)"', board)
    assert lights == ["达标 1", "预警 1", "未达标 1", "无数据 1"]
    assert "✖ 高寨村</div>" in board


def test_sums_have_one_line_a_state(open_page, published):
    html = page_html(open_page("actions", period="2018-09"))
    sums = html[html.index("条数") :]
    assert sums.count("拟扣减</span>") == 1 and sums.count("已被吸收</span>") == 1


def test_missing_is_a_dash_with_its_reason_never_zero(open_page, published):
    app = open_page("funds")
    assert cells(app, "黔西市") == ["黔西市", *["— 未报送"] * 5]
    overview = open_page("overview")
    assert cells(overview, "以工代赈劳务报酬占比")[1] == "— 不适用"


def test_funds_are_in_wan_with_two_decimals(open_page, published):
    assert cells(open_page("funds"), "七星关区")[1:4] == ["10,493.82", "10,337.46", "6,664.63"]


def test_county_whose_code_ended_owes_nothing(open_page, home):
    tables = sample.sample_tables()
    old = ("520522000000", "黔西县", "county", sample.PREFECTURE, None, *["520522000000"] * 4, None)
    tables["dim_division"].append((*old, date(2021, 4, 30), None))
    edition_files.write_edition(home / "published", tables, 1)
    html = page_html(open_page("funds"))
    assert "黔西市" in html and "黔西县" not in html


def test_milestone_shows_branch_benchmark_and_daily_pace(open_page, published):
    app = open_page("funds", unit="520525000000")
    june = cells(app, "6月底前支出进度达到50%")
    assert june[2:7] == ["✔ 已达标", "45.23%", "50.00%", "45.00%", "高于平均"]
    assert cells(app, "9月底前支出进度达到75%")[7] == "0.32个百分点"
    pending = open_page("funds", unit="520526000000")
    assert cells(pending, "6月底前支出进度达到50%")[5] == "— 待上级通报"


def test_drill_down_reaches_the_project(open_page, published):
    app = open_page("funds", unit="520521000000", receipt="R2-2")
    html = page_html(app)
    assert "✖ 超60日未安排完" in html
    assert cells(app, "大方县高标准蔬菜大棚项目2")[5:10] == ["△ 在建", "40.00%", "65.00%", "-25.00", "✖ 逾期"]
    unknown = open_page("funds", unit="520521000000", receipt="R2-3")
    assert cells(unknown, "大方县高标准蔬菜大棚项目3")[6] == "— 未报送"


def test_ties_share_a_rank_and_are_said(open_page, published):
    app = open_page("ranking", scheme="lingshan-2018", ranking="round-2018-09", period="2018-09")
    assert cells(app, "檀堂村")[1] == cells(app, "高寨村")[1] == "第2名(并列)"
    assert cells(app, "董桥村")[1] == "第4名"
    assert cells(app, "彭畈村") == ["彭畈村", "△ 待上级通报", "— 待上级通报"]


def test_unit_without_score_is_listed_unranked(open_page, published):
    app = open_page("ranking", scheme="bijie-2022", ranking="monthly-expenditure", period="2022-06")
    assert cells(app, "黔西市") == ["黔西市", "○ 未参评", "— 未参评"]


def test_only_proposals_count_in_the_sums(open_page, published):
    html = page_html(open_page("actions", period="2018-09"))
    assert "拟奖励 <b>2.00</b> 万元(1 条)" in html
    assert "拟扣减 <b>-0.30</b> 万元(1 条)" in html
    assert "不计入合计 <b>2</b> 条" in html


def test_absorbed_action_says_by_which_clause(open_page, published):
    html = page_html(open_page("actions", period="2018-09"))
    assert "已被吸收" in html and "被“对排名末位的村党支部书记”吸收" in html
    assert "对排名末位的村党支部书记建议免职" in html


def test_filters_of_actions(open_page, published):
    app = open_page("actions", period="2018-09", kind="deduction")
    html = page_html(app)
    assert "扣减村级经费" in html and "奖励村级经费" not in html


def test_names_from_data_are_escaped(open_page, home):
    tables = sample.sample_tables()
    tables["dim_division"] = [
        (row[0], "<img src=x onerror=alert(1)>", *row[2:]) if row[1] == "大方县" else row
        for row in tables["dim_division"]
    ]
    edition_files.write_edition(home / "published", tables, 1)
    for page in PAGES:
        assert "<img" not in page_html(open_page(page))


def test_stopped_publisher_shows_on_every_page(open_page, published):
    for page in PAGES:
        assert "没有发布新版本,请检查发布任务" in page_html(open_page(page))
