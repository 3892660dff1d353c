"""A township in a real browser: uploads a workbook with errors, gets it back annotated, mends it, is accepted."""

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

import openpyxl
import pytest
from town_pages import GOLDEN, PERIOD, TOWN

from dashboards.townships import uploads
from orchestration.access import accounts
from orchestration.intake import read_ledger
from orchestration.settings import Settings, get_settings

sync_api = pytest.importorskip("playwright.sync_api", reason="没有安装 playwright,浏览器测试未运行")

ROOT = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="没有找到 chromium,浏览器测试未运行(apt-get install chromium)")
LOGIN, PASSWORD = "lingshan", "春耕备耕要抓紧,不误农时"
COLUMN = "乡村户数"


@pytest.fixture
def office(round_home: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("GUATU_ACCESS", "accounts")
    settings = get_settings()
    accounts.add(settings, LOGIN, "王芳", "township", (TOWN,), password=PASSWORD, must_change=False)
    return settings


@pytest.fixture
def server(office: Settings) -> Iterator[str]:
    """The web application as ``guatu serve`` runs it, with sign-in."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "dashboards/server.py", "--server.port", str(port)],
        cwd=ROOT,
        env={**os.environ, "GUATU_HOME": str(office.root), "GUATU_ACCESS": "accounts"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(160):
            try:
                urllib.request.urlopen(f"{base}/_stcore/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.5)
        yield base
    finally:
        process.terminate()
        process.wait(timeout=20)


def filled_workbook(settings: Settings, folder: Path) -> Path:
    """The office's own blank form, filled in, with one figure written in words."""
    path = folder / f"村情监测表_{TOWN}_{PERIOD}.xlsx"
    path.write_bytes(uploads.blank_workbook(settings, uploads.FileName("villages", TOWN, PERIOD), prefill=False))
    book = openpyxl.load_workbook(path)
    page = book["村情监测表"]
    titles = {re.sub(r"[((].*", "", str(cell.value)): cell.column for cell in page[2] if cell.value}
    lines = [
        line.split(",") for line in (GOLDEN / f"村情监测表_{TOWN}_{PERIOD}.csv").read_text("utf-8-sig").split("\n")
    ]
    header, *rows = (line for line in lines if line != [""])
    written = dict(zip((row[0] for row in rows), rows, strict=True))
    for row in range(3, page.max_row + 1):
        code = str(page.cell(row, titles["行政村代码"]).value)
        values = dict(zip(header, written.get(code, rows[0]), strict=True)) | {"行政村代码": code}
        for title, text in values.items():
            number = re.fullmatch(r"[0-9.]+", text) and title != "行政村代码"
            page.cell(row, titles[title]).value = float(text) if number else text or None
    page.cell(3, titles[COLUMN]).value = "六十"
    book.save(path)
    return path


def send(page: "sync_api.Page", path: Path) -> None:
    page.locator("[data-testid=stFileUploaderDropzoneInput]").set_input_files(str(path))
    page.locator(".st-key-submit_send button:not([disabled])").click()


def test_upload_returned_mended_accepted(server, office, tmp_path):
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(60_000)
        page.goto(f"{server}/sign-in?next=/submit")
        page.fill("input[name=login]", LOGIN)
        page.fill("input[name=password]", PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_selector(".g-head h1:has-text('报送')")

        send(page, filled_workbook(office, tmp_path))
        page.wait_for_selector(".g-clause:has-text('部分接收')")
        assert page.locator(".g-table td:has-text('应填整数')").count() == 1
        with page.expect_download() as waiting:
            page.get_by_role("button", name=re.compile("下载批注表")).first.click()
        returned = tmp_path / f"村情监测表_{TOWN}_{PERIOD}_改正.xlsx"
        waiting.value.save_as(returned)

        book = openpyxl.load_workbook(returned)
        sheet = book["村情监测表"]
        wrong = [cell for cells in sheet.iter_rows() for cell in cells if cell.value == "六十"]
        assert len(wrong) == 1
        assert wrong[0].comment is not None and "应填整数" in wrong[0].comment.text
        wrong[0].value = 60
        book.save(returned)

        page.reload()
        page.wait_for_selector(".g-head h1:has-text('报送')")
        send(page, returned)
        page.wait_for_selector(".g-clause:has-text('全部接收')")
        browser.close()
    assert [s.outcome for s in read_ledger(office)[-2:]] == ["partial", "accepted"]
    assert read_ledger(office)[-1].rows_accepted == 7
