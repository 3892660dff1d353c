"""The pages in a real browser, at a desk and on a phone: Chinese, nothing cut off, nothing fetched from elsewhere."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import edition_files
import openpyxl
import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="没有安装 playwright,浏览器测试未运行")

ROOT = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="没有找到 chromium,浏览器测试未运行(apt-get install chromium)")

PAGES = {"": "总览", "ranking": "排名", "actions": "奖惩", "funds": "资金进度"}
SCREENS = {"desk": (1440, 900), "phone": (390, 844)}
ENGLISH_ALLOWED = {"Excel"}
# Text of the page without icons, whose names are letters in an icon font.
VISIBLE_TEXT = """() => {
  const copy = document.querySelector('[data-testid=stApp]').cloneNode(true);
  const foreign = '[data-testid=stIconMaterial], [data-testid=stSkipToContent], style, script';
  copy.querySelectorAll(foreign).forEach(node => node.remove());
  return copy.textContent;
}"""
# Elements with text wider than themselves that neither scroll nor wrap.
CUT_OFF = """() => [...document.querySelectorAll('.g-card *, .g-head *, .g-light-title, .g-badge, .g-total *, h3')]
  .filter(node => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== 'inline')
  .map(node => node.textContent)"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    edition_files.write_sample(home / "published")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboards/app.py", "--server.port", str(port)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "GUATU_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_until_healthy(base)
        yield base
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_healthy(base: str) -> None:
    for _ in range(120):
        try:
            with urllib.request.urlopen(f"{base}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError("看板没有启动")


@pytest.fixture(scope="module")
def browser() -> Iterator["sync_api.Browser"]:
    with sync_api.sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield opened
        opened.close()


def _open(browser: "sync_api.Browser", address: str, screen: str) -> "sync_api.Page":
    width, height = SCREENS[screen]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(60_000)
    page.goto(address)
    page.wait_for_selector(".g-head h1")
    page.wait_for_selector('[data-testid="stDownloadButton"]')
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')")
    return page


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("path", PAGES)
def test_page_is_chinese_whole_and_self_contained(server, browser, path, screen):
    foreign: list[str] = []
    width, height = SCREENS[screen]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.on("request", lambda request: _note_foreign(request.url, server, foreign))
    page.set_default_timeout(60_000)
    page.goto(f"{server}/{path}")
    page.wait_for_selector('[data-testid="stDownloadButton"]')
    page.wait_for_timeout(1500)
    assert PAGES[path] in page.inner_text(".g-head h1")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate(CUT_OFF) == []
    assert set(re.findall(r"[A-Za-z]{3,}", page.evaluate(VISIBLE_TEXT))) - ENGLISH_ALLOWED == set()
    assert foreign == []
    page.close()


def _note_foreign(url: str, server: str, foreign: list[str]) -> None:
    if not url.startswith((server, "data:", "blob:")):
        foreign.append(url)


def test_choice_changes_the_address_and_the_address_opens_the_choice(server, browser):
    page = _open(browser, f"{server}/funds", "desk")
    page.locator(".stSelectbox", has_text="查看单位").locator("input").click()
    page.get_by_role("option", name="大方县").click()
    page.wait_for_selector("h3:has-text('大方县节点完成情况')")
    page.wait_for_function("location.search.includes('unit=520521000000')")
    page.wait_for_function("location.search.includes('edition=2022-06_0002')")
    again = _open(browser, page.url, "desk")
    again.wait_for_selector("h3:has-text('大方县节点完成情况')")
    page.close()
    again.close()


def test_browser_back_returns_to_the_page_before(server, browser):
    page = _open(browser, f"{server}/ranking", "desk")
    page.get_by_text("领导", exact=True).first.click()
    page.get_by_role("menuitem", name="奖惩").click()
    page.wait_for_selector(".g-head h1:has-text('奖惩')")
    page.wait_for_selector('[data-testid="stDownloadButton"]')
    page.wait_for_timeout(1000)
    page.go_back()
    page.wait_for_selector(".g-head h1:has-text('排名')")
    page.close()


def test_export_downloads_the_rows_shown(server, browser, tmp_path):
    page = _open(browser, f"{server}/ranking?scheme=lingshan-2018&ranking=round-2018-09&period=2018-09", "desk")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="导出 Excel").click()
    target = tmp_path / "ranking.xlsx"
    waiting.value.save_as(target)
    rows = list(openpyxl.load_workbook(target)["排名"].iter_rows(values_only=True))
    assert "2022-06_0002" in rows[1][0]
    assert [row[1] for row in rows[3:7]] == ["第1名", "第2名(并列)", "第2名(并列)", "第4名"]
    assert rows[9][:2] == ("彭畈村", "— 待上级通报")
    assert "2022-06_0002" in waiting.value.suggested_filename
    page.close()
