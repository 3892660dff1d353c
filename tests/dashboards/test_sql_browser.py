"""In a real browser: an analyst writes a query with completion, runs, stops, saves it and takes the file away."""

from pathlib import Path

import openpyxl
import pytest
from test_browser import CHROMIUM, browser, server, sync_api  # noqa: F401  the same server and browser

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="没有找到 chromium,浏览器测试未运行(apt-get install chromium)")
LONG = 60_000


@pytest.fixture
def page(server, browser):  # noqa: F811
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True)
    opened = context.new_page()
    opened.goto(f"{server}/sql", timeout=LONG)
    opened.get_by_label("查询语句").wait_for(timeout=LONG)
    yield opened
    context.close()


def test_an_analyst_writes_saves_and_exports_a_query(page, tmp_path: Path):
    editor = page.get_by_label("查询语句")
    editor.click()
    page.keyboard.type("select period, value from fct_ind")
    page.get_by_role("option").first.wait_for(timeout=LONG)
    page.keyboard.press("Tab")
    assert editor.input_value() == "select period, value from fct_indicator"
    page.keyboard.press("Control+Enter")
    page.get_by_text("用时").wait_for(timeout=LONG)
    with page.expect_download(timeout=LONG) as download:
        page.get_by_role("button", name="导出 xlsx").click()
    path = tmp_path / "result.xlsx"
    download.value.save_as(path)
    sheet = openpyxl.load_workbook(path)["查询结果"]
    assert [cell.value for cell in sheet[1]] == ["period", "value"] and sheet.max_row > 100
    page.get_by_text("保存与历史").click()
    page.get_by_role("textbox", name="名称", exact=True).fill("我的指标")
    page.get_by_role("button", name="保存当前查询").click()
    page.get_by_role("button", name="删除").wait_for(timeout=LONG)
    page.goto(f"{page.url.split('?')[0]}?saved=我的指标", timeout=LONG)
    sync_api.expect(page.get_by_label("查询语句")).to_have_value(
        "select period, value from fct_indicator", timeout=LONG
    )


def test_a_running_query_can_be_stopped(page):
    page.get_by_label("查询语句").fill("select count(*) from range(100000000000000)")
    page.get_by_role("button", name="运行").click()
    page.get_by_text("正在查询").wait_for(timeout=LONG)
    page.get_by_role("button", name="停止").click()
    page.get_by_text("查询已停止").wait_for(timeout=LONG)
