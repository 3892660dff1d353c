"""The business pages over an edition: what they say of projects, households, loans, issues, assets and data quality."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import business_rows
import duckdb
import polars as pl
import pytest
import sample
from streamlit.testing.v1 import AppTest

from dashboards.business.scheme_lists import MASKED, NO_HOUSEHOLDS
from dashboards.charts.business import items_chart, rates_chart, years_chart
from dashboards.charts.projects import MOST_PROJECTS, drawable, gantt_chart
from dashboards.edition import current_edition, published_editions, query
from dashboards.parts.heat_table import heat_table, light
from dashboards.words.business import (
    ASSET_CATEGORIES,
    EXIT_ITEMS,
    ISSUE_SOURCES,
    ISSUE_STATES,
    PAYMENT_TYPES,
    RESULTS,
    SEVERITIES,
    SURPLUS,
)
from dashboards.words.common import STAGES
from orchestration.catalogue.templates import load_codes
from orchestration.settings import get_settings

TOWN = {"period": "2018-09", "division": sample.LINGSHAN}
BIJIE = {"period": "2022-06", "division": sample.PREFECTURE}


@pytest.fixture
def published(home: Path) -> Path:
    business_rows.write_business_edition(home / "published")
    return home / "published"


def page_html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def cells(app: AppTest, first: str) -> list[str]:
    """Texts of the table row whose first cell reads ``first``."""
    return rows_of(app, first)[0]


def rows_of(app: AppTest, first: str) -> list[list[str]]:
    """Texts of all table rows whose first cell reads ``first``."""
    found = []
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", page_html(app), flags=re.S):
        texts = [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", row, flags=re.S)]
        if texts and texts[0] == first:
            found.append(texts)
    assert found, f"没有以“{first}”开头的行"
    return found


def as_role(app: AppTest, role: str, division: str | None = None) -> AppTest:
    """The same page in somebody's place, chosen beside the page as a visitor of the open demonstration does."""
    app.selectbox(key="view_role").set_value(role).run()
    if division:
        app.selectbox(key="view_place").set_value(division).run()
    assert not app.exception
    return app


def test_a_month_without_data_names_the_month_that_has(open_page, published):
    app = open_page("rectification", period="2022-03", division=sample.PREFECTURE)
    assert "最近有数据的是2022年6月" in app.info[0].value and "未报送" in app.info[0].value
    never = open_page("assets", **TOWN)
    assert "该范围各期都没有报送过" in never.info[0].value


# --- projects ---------------------------------------------------------------------------------------------------------


def test_overdue_projects_stand_first_with_their_days(open_page, published):
    app = open_page("projects", **BIJIE)
    listed = re.findall(r'<tr( class=g-marked)?><td class="g-long">[^<]*大棚项目(\d)', page_html(app))
    assert [bool(mark) for mark, _ in listed] == [True] * 7 + [False] * 14
    assert [number for _, number in listed[:7]] == ["2"] * 7
    assert cells(app, "大方县高标准蔬菜大棚项目2")[3] == "30"
    assert cells(app, "入户路项目")[3] == "否"


def test_accepted_project_not_paid_out_is_listed_with_what_is_owed(open_page, published):
    app = open_page("projects", **BIJIE)
    assert rows_of(app, "入户路项目")[1] == [
        "入户路项目", "大方县", "2022-06-09", "50.00", "35.00", "示例公司", "15.00",
    ]  # fmt: skip
    assert "其中未付清 <b>1</b> 个" in page_html(app)


def test_filters_of_projects_come_from_the_link(open_page, published):
    html = page_html(open_page("projects", **BIJIE, stage="overdue"))
    assert "入户路项目" not in html and "大棚项目2" in html and "大棚项目1" not in html
    assert "入户路项目" in page_html(open_page("projects", **BIJIE, category="infrastructure"))


def test_unknown_progress_is_said_not_zero(open_page, published):
    row = cells(open_page("projects", **BIJIE), "尚无工期的项目")
    assert row[4] == "— 未报送" and row[9] == "— 未报送"


def _project(**changes: object) -> dict[str, object]:
    usual = {
        "name": "示例项目", "planned_start": date(2022, 3, 1), "planned_finish": date(2022, 5, 31),
        "started_on": date(2022, 3, 10), "finished_on": None, "stage": "in_progress", "overdue": False,
        "progress": Decimal("0.4"), "planned_progress": Decimal("0.65"), "variance": Decimal("-0.25"),
    }  # fmt: skip
    return usual | changes


def test_gantt_draws_plan_and_reality_and_marks_without_colour():
    rows = [
        _project(overdue=True),
        _project(finished_on=date(2022, 5, 20), stage="finished", variance=Decimal(0)),
        _project(started_on=None, stage="not_started", progress=None, variance=None),
        _project(progress=None, variance=None),
        _project(planned_finish=None),
    ]
    projects = pl.DataFrame(rows, infer_schema_length=None)
    assert drawable(projects).height == 4
    figure = gantt_chart(projects, date(2022, 6, 30))
    bars = {trace.name: trace for trace in figure.data if trace.type == "bar"}
    day = 86_400_000
    assert list(bars["计划工期"].x) == [91 * day] * 4
    assert list(bars["实际:逾期未完工"].base) == ["2022-03-10"] and bars["实际:逾期未完工"].x[0] == 112 * day
    assert list(bars["实际:已竣工"].x) == [71 * day]
    assert len(bars["实际:在建"].x) == 1  # the project never begun has no real bar
    patterns = {trace.marker.pattern.shape for name, trace in bars.items() if name != "计划工期"}
    assert len(patterns) == 3
    marks = next(trace for trace in figure.data if trace.type == "scatter").text
    assert list(marks) == ["✖ 40%", "✔", "○", "△ 未报"]


def test_gantt_of_many_projects_draws_the_first_and_keeps_names_apart():
    projects = pl.DataFrame([_project() for _ in range(MOST_PROJECTS + 5)], infer_schema_length=None)
    labels = gantt_chart(projects, date(2022, 6, 30)).data[0].y
    assert len(set(labels)) == MOST_PROJECTS


# --- monitoring -------------------------------------------------------------------------------------------------------


def test_exit_items_count_registered_households_by_result(open_page, published):
    app = open_page("monitoring", **TOWN)
    bars = json.loads(app.get("plotly_chart")[0].proto.spec)["data"]
    position = bars[0]["y"].index("住房安全")
    # of four registered households; the marginal one that fails as well is not registered
    assert [bar["customdata"][position][0] for bar in bars] == [2, 1, 1]


def test_monitored_households_by_type_and_findings(open_page, published):
    app = open_page("monitoring", **TOWN)
    assert "累计纳入 <b>5</b> 户" in page_html(app) and "风险已消除 <b>3</b> 户" in page_html(app)
    assert cells(app, "脱贫不稳定户") == ["脱贫不稳定户", "1", "4", "0", "0"]
    assert cells(app, "边缘易致贫户") == ["边缘易致贫户", "1", "4", "1", "0"]
    assert cells(app, "疑似错退")[1:4] == ["✖ 错误", "1", "乡镇"]


def test_monitored_households_by_kind_of_risk(open_page, published):
    app = open_page("monitoring", **TOWN)
    assert cells(app, "因病") == ["因病", "6", "18", "7", "1"]
    assert cells(app, "未填") == ["未填", "1", "3", "1", "0"]
    assert cells(app, "因灾") == ["因灾", "0", "0", "3", "3"]
    assert "到本月没有纳入过监测对象,或农户台账没有报。" in page_html(open_page("monitoring"))


@pytest.mark.parametrize(
    ("kind", "result", "numbers"),
    [("monitored", "fail", ["4", "5"]), ("housing_ok", "fail", ["2"]), ("exit_standard", "unknown", ["3"])],
)
def test_household_list_follows_the_link(open_page, published, kind, result, numbers):
    html = page_html(open_page("monitoring", **TOWN, households=kind, result=result))
    listed = re.findall(r"<td[^>]*>4115211032\d\d000(\d)</td>", html)
    assert sorted(listed) == numbers


def test_masked_role_sees_codes_and_no_exact_income(open_page, published):
    app = as_role(open_page("monitoring", **TOWN), "township", sample.LINGSHAN)
    html = page_html(app)
    assert MASKED in html
    assert f"{business_rows.DONGQIAO}0004" not in html and "4,321.50" not in html and "4,300.00" in html


def test_role_without_households_reads_why_not_an_empty_list(open_page, published):
    app = as_role(open_page("monitoring", **TOWN), "administrator")
    assert any(info.value == NO_HOUSEHOLDS for info in app.info)
    assert "名单上没有农户" not in page_html(app) and "没有监测对象" not in page_html(app)
    assert "累计纳入 <b>5</b> 户" in page_html(app)  # sums are no single household's


def test_items_chart_stacks_shares_that_print_without_colour():
    frame = pl.DataFrame({"item": ["housing_ok"], "pass": [2], "fail": [1], "unknown": [1]})
    figure = items_chart(frame, EXIT_ITEMS, RESULTS)
    assert [trace.x[0] for trace in figure.data] == [50.0, 25.0, 25.0]
    assert [trace.text[0] for trace in figure.data] == ["✔ 2", "✖ 1", "○ 1"]
    assert len({trace.marker.pattern.shape for trace in figure.data}) == 3


# --- employment and credit --------------------------------------------------------------------------------------------


def test_loans_with_marginal_beside_and_the_ones_due(open_page, published):
    app = open_page("employment", **TOWN)
    html = page_html(app)
    assert "有贷款的可贷户(不含边缘户) <b>45</b> / 100 户" in html
    assert "有贷款的可贷边缘户 <b>3</b> / 10 户" in html
    assert rows_of(app, "高寨村")[-1][:3] == ["高寨村", f"{business_rows.GAOZHAI}0001", "3.00"]
    assert "灵山镇脱贫攻坚考核办法》“小额信贷逾期率”" in html  # the limit comes from the scheme, not from the page


def test_no_list_asked_for_is_not_the_same_as_nothing_on_it(open_page, published):
    assert "施行中的方案没有要求这份清单" in page_html(open_page("employment", **BIJIE))
    empty = page_html(open_page("rectification", period="2022-06", division="520502000000"))
    assert "没有逾期未整改的问题" in empty and "没有要求" not in empty


def test_rates_chart_leaves_out_what_is_missing_and_draws_the_limit():
    rows = pl.DataFrame(
        {
            "name": ["甲县", "乙县", "丙县"],
            "indicator_code": ["loan_npl_rate"] * 3,
            "title": ["不良率"] * 3,
            "value": [Decimal("0.005"), None, Decimal("0.02")],
        }
    )  # fmt: skip
    figure = rates_chart(rows, ("loan_npl_rate",), pl.DataFrame({"threshold": [Decimal("0.01")]}))
    assert list(figure.data[0].y) == ["甲县", "丙县"] and list(figure.data[0].x) == [0.5, 2.0]
    assert figure.layout.shapes[0].x0 == 1.0 and figure.layout.annotations[0].text == "要求1%"


def test_years_chart_leaves_a_gap_where_nothing_was_reported():
    frame = pl.DataFrame(
        {"year": [2018, 2018, 2017], "month": [7, 9, 9], "value": [Decimal(5), Decimal(7), Decimal(6)]}
    )
    before, now = years_chart(frame, 2018, "人").data
    assert (before.name, now.name) == ("2017年", "2018年")
    assert list(now.y[6:9]) == [5.0, None, 7.0] and now.connectgaps is False and before.line.dash == "dash"


# --- rectification, assets, funds -------------------------------------------------------------------------------------


def test_rectification_counts_and_overdue_list(open_page, published):
    app = open_page("rectification", **BIJIE)
    html = page_html(app)
    assert "发现问题 <b>44</b> 个" in html and "已销号 <b>29</b> 个" in html and "未销号 <b>15</b> 个" in html
    assert cells(app, "毕节市")[1:] == ["65.91%", "1"]
    assert rows_of(app, "大方县")[0][:3] == ["大方县", "WT01", "72"]
    assert cells(app, "金沙县")[1] == "— 未报送"


def test_assets_show_parts_and_wholes_of_the_rates(open_page, published):
    html = page_html(open_page("assets", **BIJIE))
    assert "已确权原值 <b>4,180.00</b> / 4,554.00 万元" in html
    assert "落实管护 <b>93</b> / 96 项" in html
    assert "经营性资产已分配收益" not in html  # not reported: no pair of zeros


def test_funds_tell_what_is_to_be_recalled_from_last_years_surplus(open_page, published):
    app = open_page("funds", **BIJIE)
    assert cells(app, "示例财〔2020〕3号")[1:4] == ["✖ 应收回", "2020", "70.00"]
    assert cells(app, "示例财〔2021〕3号")[1:4] == ["▲ 上年结余", "2021", "60.00"]
    assert "示例财〔2019〕3号" not in page_html(app)  # paid out


def test_sixty_day_clock_counts_down_while_it_runs(open_page, published):
    app = open_page("funds", **BIJIE, unit="520521000000")
    assert cells(app, "黔财农〔2022〕23号")[2:5] == ["△ 60日期限内", "2022-07-11", "11"]
    assert cells(app, "黔财农〔2022〕22号")[2:5] == ["✖ 超60日未安排完", "2022-05-11", "—"]


def test_a_document_is_followed_from_money_to_project_to_payment(open_page, published):
    html = page_html(open_page("funds", **BIJIE, unit="520521000000", receipt="R2-2"))
    chain = re.sub(r"<[^>]+>", "", html[html.index("金额(万元) <b>") :].split("</div>")[0])
    assert chain == (
        "金额(万元) 2,623.46 → 已安排(万元) 2,098.76 → 60日内安排(万元) 1,311.73 → 项目 1 个 → 已支出(万元) 683.15"
    )


def test_issues_by_source_closed_open_and_overdue(open_page, published):
    app = open_page("rectification", **BIJIE)
    assert cells(app, "合计") == ["合计", "4", "2", "1", "1", "50.00%"]
    assert cells(app, "审计") == ["审计", "3", "1", "1", "1", "33.33%"]
    assert cells(app, "信访舆情") == ["信访舆情", "1", "1", "0", "0", "100.00%"]
    bars = json.loads(app.get("plotly_chart")[0].proto.spec)["data"]
    assert [bar["y"] for bar in bars] == [["审计", "信访舆情"]] * 3
    assert [bar["text"] for bar in bars] == [["✔ 1", "✔ 1"], ["△ 1", ""], ["✖ 1", ""]]
    assert len({bar["marker"]["pattern"]["shape"] for bar in bars}) == 3


def test_single_issues_follow_the_source_in_the_link(open_page, published):
    app = open_page("rectification", **BIJIE)
    assert cells(app, "WT01") == [
        "WT01", "✖ 逾期未销号", "审计", "项目管理", "示例责任单位", "大方县", "2022-02-19", "2022-04-19", "—",
    ]  # fmt: skip
    assert cells(app, "WT02")[1] == "△ 未销号(未逾期)"
    assert cells(app, "WT03")[1] == "✔ 已销号" and cells(app, "WT03")[-1] == "2022-06-10"
    listed = re.findall(r"<tr( class=g-marked)?><td[^>]*>WT(\d\d)<", page_html(app))
    assert listed == [(" class=g-marked", "01"), ("", "02"), ("", "03"), ("", "04")]  # open before closed
    petition = page_html(open_page("rectification", **BIJIE, source="petition"))
    assert re.findall(r"<td[^>]*>WT(\d\d)</td><td><span", petition) == ["04"]


def test_three_classes_of_assets_and_their_sum(open_page, published):
    app = open_page("assets", **BIJIE)
    assert cells(app, "合计") == [
        "合计", "3", "350.00", "71.43%", "66.67%", "2", "150.00", "15.00", "9.00", "1",
    ]  # fmt: skip
    assert cells(app, "经营性") == [
        "经营性", "2", "300.00", "66.67%", "50.00%", "1", "100.00", "15.00", "9.00", "1",
    ]  # fmt: skip
    # income nobody reported is no income of nothing, and a share of no assets is not 0%
    assert cells(app, "公益性") == [
        "公益性", "1", "50.00", "100.00%", "100.00%", "1", "50.00", "— 未报送", "— 未报送", "— 不适用",
    ]  # fmt: skip
    assert cells(app, "到户类") == [
        "到户类", "0", "0.00", "— 不适用", "— 不适用", "0", "0.00", "— 不适用", "— 不适用", "— 不适用",
    ]  # fmt: skip


def test_single_payments_end_the_drill_with_refunds_negative_and_marked(open_page, published):
    app = open_page("funds", **BIJIE, unit="520521000000", receipt="R2-2")
    html = page_html(app)
    assert "支付 <b>3</b> 笔" in html and "净支出 <b>50.00</b> 万元" in html
    assert "↩ 其中退回 <b>1</b> 笔 <b>-5.00</b> 万元" in html
    assert cells(app, "ZF1")[1:6] == ["2022-04-08", "预付款", "20.00", "— 未报送", "大方县高标准蔬菜大棚项目2"]
    assert cells(app, "ZF2")[2:5] == ["进度款", "35.00", "✔ 齐全"]
    assert cells(app, "ZF3")[1:5] == ["2022-06-20", "↩ 退回", "-5.00", "✖ 不全"]
    listed = re.findall(r"<tr( class=g-marked)?><td[^>]*>ZF(\d)<", html)
    assert listed == [("", "1"), ("", "2"), (" class=g-marked", "3")]
    edition = current_edition(published, published_editions(published))
    of_allocation = {
        allocation: query(
            edition, "fund_payments", period="2022-06", receipt_id="R2-2", allocation_id=allocation
        )["payment_id"].to_list()
        for allocation in ("A2-2", "A9-9")
    }  # fmt: skip
    assert of_allocation == {"A2-2": ["ZF1", "ZF2", "ZF3"], "A9-9": []}
    unpaid = page_html(open_page("funds", **BIJIE, unit="520521000000", receipt="R2-1"))
    assert "到期末还没有支付" in unpaid and "净支出 <b>" not in unpaid


def test_no_single_rows_reported_is_said(open_page, published):
    for path in published.glob("*_*.duckdb"):
        with duckdb.connect(str(path)) as connection:
            connection.execute("delete from marts.fct_rectification; delete from marts.fct_asset")
    assert "没有报送问题台账" in page_html(open_page("rectification", **BIJIE))
    assert "没有报送资产台账" in page_html(open_page("assets", **BIJIE))


@pytest.mark.parametrize(
    ("page", "mart", "still"),
    [
        ("rectification", "fct_rectification", "各单位整改"),
        ("assets", "fct_asset", "各单位资产"),
        ("funds", "fct_fund_payment", "以前年度未支出的资金"),
    ],
)
def test_earlier_edition_without_the_single_rows_shows_the_rest(open_page, published, page, mart, still):
    for path in published.glob("*_*.duckdb"):
        with duckdb.connect(str(path)) as connection:
            connection.execute(f"drop table marts.{mart}")
    app = open_page(page, **BIJIE)
    assert not app.exception and not app.error
    assert "本版本没有这张表" in page_html(app)
    assert still in [heading.value for heading in app.subheader]


def test_words_of_single_rows_are_those_of_the_code_tables():
    codes = load_codes(get_settings().seeds)
    assert codes["issue_source"] == {title: code for code, title in ISSUE_SOURCES.items()}
    assert codes["asset_category"] == {title: code for code, title in ASSET_CATEGORIES.items() if code != "all"}
    assert codes["payment_type"] == {badge.label: code for code, badge in PAYMENT_TYPES.items()}


# --- data quality -----------------------------------------------------------------------------------------------------


def test_reporting_grid_by_unit_and_template(open_page, published):
    app = open_page("quality", **TOWN)
    assert cells(app, "灵山镇")[1:3] == ["✔ 100%", "▲ 42.9%"]
    assert cells(app, "高寨村")[1:3] == ["✔ 100%", "✖ 0%"]
    late = open_page("quality", **TOWN, measure="villages_on_time")
    assert cells(late, "灵山镇")[1] == "▲ 85.7%" and cells(late, "高寨村")[1] == "✖ 0%"


def test_rejects_are_counted_by_reason(open_page, published):
    app = open_page("quality", **TOWN, section="rejects")
    assert cells(app, "农户台账") == ["农户台账", "家庭人口:数值超出范围(1—30),请核对", "2", "2", "1"]
    assert cells(app, "11")[5:9] == ["▲ 部分接收", "100", "98", "2"]


def test_findings_drill_down_to_rows(open_page, published):
    app = open_page("quality", **TOWN, section="findings", finding="same_income")
    assert cells(app, "疑似错退")[1:] == ["✖ 错误", "1", "1", "乡镇", "逐项核实"]
    assert cells(app, "董桥村") == ["董桥村", "村", business_rows.DONGQIAO, "12户收入一分不差", "乡镇"]


def test_signals_are_counted_by_unit(open_page, published):
    app = open_page("quality", **TOWN, section="signals")
    assert cells(app, "董桥村") == ["董桥村", "1", "收入雷同", "0", "1"]
    assert cells(app, "高寨村") == ["高寨村", "0", "无", "1", "0"]


def test_burden_of_reporting(open_page, published):
    app = open_page("quality", **TOWN, section="burden")
    assert cells(app, "合计") == [
        "合计", "2", "4.0", "3.5", "112.0", "3.0", "1,000.0", "1,500", "600", "30.00%",
    ]  # fmt: skip
    assert cells(app, "董桥村")[-2:] == ["0", "0.00%"]


@pytest.mark.parametrize(("done", "expected", "tone"), [(0, 0, "idle"), (0, 3, "bad"), (2, 3, "warn"), (3, 3, "good")])
def test_light_of_a_cell(done, expected, tone):
    assert light(done, expected)[2] == tone


def test_heat_table_escapes_and_leaves_a_dash_where_nothing_is_owed():
    grid = pl.DataFrame(
        {
            "division_code": ["1", "1", "2"],
            "name": ["<b>甲</b>", "<b>甲</b>", "乙"],
            "is_scope": [True, True, False],
            "template": ["a", "b", "a"],
            "title": ["表一", "表二", "表一"],
            "villages_expected": [2, 2, 1],
            "done": [2, 1, 0],
        }
    )  # fmt: skip
    html = heat_table(grid, "done", "无")
    assert "<b>甲" not in html and html.count('class="g-none"') == 1
    assert heat_table(grid.clear(), "done", "没有应报的报表") == '<p class="g-empty">没有应报的报表</p>'


def test_states_are_told_apart_without_colour():
    for badges in (RESULTS, SEVERITIES, SURPLUS, STAGES, ISSUE_STATES):
        assert len({badge.symbol for badge in badges.values()}) == len(badges)
