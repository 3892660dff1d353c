"""Journeys in a real browser: a leader finds why a village fell and who is to be interviewed; an action is decided."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import leader_rows
import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="没有安装 playwright,浏览器测试未运行")

from test_browser import CUT_OFF, ROOT, SCREENS, _wait_until_healthy  # noqa: E402

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="没有找到 chromium,浏览器测试未运行(apt-get install chromium)")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("leader")
    leader_rows.write_leader_edition(made / "published")
    return made


@pytest.fixture(scope="module")
def server(home: Path, unused_port: int) -> Iterator[str]:
    command = [sys.executable, "-m", "streamlit", "run", "dashboards/app.py", "--server.port", str(unused_port)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "GUATU_HOME": str(home), "GUATU_ACCESS": "open"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{unused_port}"
    try:
        _wait_until_healthy(base)
        yield base
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="module")
def unused_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def browser() -> Iterator["sync_api.Browser"]:
    with sync_api.sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield opened
        opened.close()


def opened(browser: "sync_api.Browser", address: str, screen: str = "desk") -> "sync_api.Page":
    width, height = SCREENS[screen]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(60_000)
    page.goto(address)
    page.wait_for_selector('[data-testid="stDownloadButton"]')
    page.wait_for_timeout(1500)
    return page


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("path", ["", "ranking", "actions?period=2018-09", "warnings"])
def test_nothing_is_cut_off(server, browser, path, screen):
    page = opened(browser, f"{server}/{path}", screen)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate(CUT_OFF) == []
    page.close()


def test_essentials_stand_on_one_screen(server, browser):
    page = opened(browser, server)
    for panel in ("红黄绿一张图", "谁快到节点", "变化", "谁没报"):
        box = page.locator(".g-panel", has_text=panel).first.bounding_box()
        assert box is not None and box["y"] + box["height"] <= 900, panel
    page.close()


def test_leader_finds_who_is_to_be_interviewed_and_why_it_stands_there(server, browser):
    page = opened(browser, server)
    page.locator(".g-panel", has_text="谁快到节点").get_by_role("link", name="下月预警").click()
    page.wait_for_selector(".g-head h1:has-text('下月预警')")
    row = page.locator("tr", has_text="大方县").first
    row.wait_for()
    assert "109.30" in row.inner_text()
    page.goto(f"{server}/ranking?scheme=bijie-2022&ranking=monthly-expenditure&period=2022-06&unit=520521000000")
    page.wait_for_selector("h3:has-text('大方县和它的左邻右舍')")
    page.wait_for_selector("text=最小变动(其他单位不变)")
    assert page.locator("tr.g-marked", has_text="大方县").count() == 1
    page.close()


def test_tile_is_a_link_reached_by_keyboard(server, browser):
    page = opened(browser, server)
    tile = page.locator("a.g-tile", has_text="大方").first
    tile.focus()
    assert page.evaluate("document.activeElement.classList.contains('g-tile')")
    assert "unit?division=520521000000" in (tile.get_attribute("href") or "")
    page.close()


def test_an_action_is_decided_in_two_steps_and_shown_beside_the_edition(server, browser, home):
    page = opened(browser, f"{server}/actions?period=2018-09")
    page.get_by_text("办理奖惩:核实").click()
    page.get_by_label("理由(必填,如会议纪要").fill("现场核实无误")
    page.get_by_role("button", name="核对").first.click()
    page.wait_for_selector("text=请核对:")
    journal = home / "decisions.jsonl"
    assert not journal.exists()
    page.get_by_role("button", name="确认记录").click()
    page.wait_for_selector("text=已记录:")
    page.wait_for_selector("text=之后记录,下一版本起显示")
    (record,) = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    assert record["step"] == "verified" and record["reason"] == "现场核实无误"
    page.close()
