"""方案: every clause with its words, what carries it and its numbers; what does not agree and what is not computed."""

import pytest
from analyst_edition import write_analyst_sample
from test_pages import cells, page_html

from orchestration.catalogue.clause_words import clause_carrier
from orchestration.settings import get_settings


@pytest.fixture
def edition(home):
    write_analyst_sample(home / "published")


def test_clauses_with_words_carrier_and_numbers(open_page, edition):
    html = page_html(open_page("schemes", scheme="bijie-2022", period="2022-06"))
    assert "毕节市委乡村振兴领导小组" in html and "本期施行中" in html
    assert "资金支出进度于06-30前达到时序要求或高于全省平均" in html
    assert "“六月底支出进度”" in html
    # eight counties in June: three at 50 % and more, one above the average, two below, one waiting, one unreported
    assert "节点(2022-06):达标4、未达标2、待平均数1、无数据1" in html


def test_published_figures_that_do_not_agree_stand_out(open_page, edition):
    app = open_page("schemes", scheme="lingshan-2018", period="2018-09")
    html = page_html(app)
    assert "公布数字有出入 <b>1</b>" in html
    assert "公布 200人,库内 190人" in html
    assert cells(app, "全镇贫困人口")[2:4] == ["200人", "190人"]


def test_clauses_that_are_not_computed_say_why(open_page, edition):
    html = page_html(open_page("schemes", scheme="lingshan-2018", period="2018-09", kind="classification"))
    assert "不计算:权重未载明" in html
    assert "前三的村" not in html


def test_the_newest_month_up_to_the_one_chosen_counts(open_page, edition):
    html = page_html(open_page("schemes", scheme="lingshan-2018", period="2022-06"))
    assert "奖惩(2018-09):" in html
    assert "本期不在施行期" in html


def test_search_in_the_words(open_page, edition):
    app = open_page("schemes", scheme="lingshan-2018", period="2018-09", find="末位")
    assert page_html(app).count('class="g-clause"') >= 1
    assert "扣减村级经费3000元" not in page_html(app)
    app = open_page("schemes", scheme="lingshan-2018", period="2018-09", find="没有这个词")
    assert any("没有符合条件的条款" in info.value for info in app.info)


def test_codes_become_titles():
    seeds = get_settings().seeds
    said = clause_carrier(seeds, "bijie-2022", "milestone linkage_expenditure_rate@06-30", True)
    assert said == "节点 “六月底支出进度”"
    assert clause_carrier(seeds, "bijie-2022", "权重未载明", False) == "不计算:权重未载明"


def test_a_scheme_that_ranks_units_of_the_month_comes_first(open_page, edition):
    html = page_html(open_page("schemes", period="2022-06"))
    assert "毕节市委乡村振兴领导小组" in html
