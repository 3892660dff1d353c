"""报送: upload with the receipt at once, inside one's own division, and with a reason where the month is locked."""

from datetime import datetime
from io import BytesIO

import openpyxl
import pytest
from town_pages import GOLDEN, OTHER_TOWN, PERIOD, TOWN, opened_as, row, text

from dashboards.townships import uploads
from dashboards.townships.receipts import annotated, in_scope, read_receipt
from orchestration.access import audit
from orchestration.access.roles import grant, load_roles, operator
from orchestration.errors import GuatuError
from orchestration.intake import ingest, read_ledger
from orchestration.records.reviews import read_reviews, take_step
from orchestration.release import open_edition
from orchestration.settings import get_settings

NAME = f"村情监测表_{TOWN}_{PERIOD}.csv"
GOOD = (GOLDEN / NAME).read_bytes().replace("茶叶".encode(), "稻米".encode())
BAD = GOOD.replace(b"60,200", "六十,200".encode())


def send(app, name, data):
    app.file_uploader(key="submit_files").set_value([(name, data, "text/csv")])
    app.run()
    return app


def test_errors_come_back_by_row_and_the_mended_file_is_taken(round_home, sign_in_as):
    app = send(opened_as(sign_in_as, "submit", "township", TOWN), NAME, BAD)
    app.button(key="submit_send").click().run()
    assert not app.error
    shown = text(app)
    assert "整份退回" in shown and "超过两成的行有错误" in shown
    problem = row(app, "2")
    assert problem[1] == "乡村户数" and problem[2] == "✖ 错误" and "应填整数" in problem[3]
    record = read_receipt(read_ledger(get_settings())[-1].submission_id)
    held = grant(load_roles(get_settings().seeds), "a", "a", "township", (TOWN,))
    book = openpyxl.load_workbook(BytesIO(annotated(record, held).read_bytes()))
    assert any("六十" in str(cell.value) for sheet in book for cells in sheet for cell in cells)
    app = send(app, NAME, GOOD)
    app.button(key="submit_send").click().run()
    assert "全部接收" in text(app)
    assert [s.outcome for s in read_ledger(get_settings())[-2:]] == ["refused", "accepted"]
    said = [entry for entry in audit.read(get_settings()) if entry["what"] == "upload"]
    assert len(said) == 2 and said[0]["who"] == f"township-{TOWN}"
    assert not list((get_settings().work / "uploads").iterdir())  # nothing personal stays behind


def test_another_division_is_refused_before_anything_is_taken(round_home, sign_in_as):
    before = len(read_ledger(get_settings()))
    app = send(opened_as(sign_in_as, "submit", "township", OTHER_TOWN), NAME, GOOD)
    app.button(key="submit_send").click().run()
    assert "不是您辖区的报送" in app.error[0].value
    assert len(read_ledger(get_settings())) == before


def test_a_file_that_does_not_say_what_it_is_takes_a_choice(round_home, sign_in_as):
    app = send(opened_as(sign_in_as, "submit", "township", TOWN), "表一.csv", GOOD)
    assert "请选定" in text(app)
    settings = get_settings()
    place = uploads.FileName("villages", TOWN, PERIOD)
    name = uploads.full_name(settings, "表一.csv", place)
    assert uploads.told_by_name(settings, name) == place
    long = uploads.full_name(settings, "很" * 80 + ".csv", place)
    assert len(long.encode()) < 255


def test_rows_of_others_inside_an_own_file_are_rejected(round_home):
    held = grant(load_roles(get_settings().seeds), "a", "a", "township", (OTHER_TOWN,))
    name = NAME.replace(TOWN, OTHER_TOWN)
    numbers = uploads.take_in(get_settings(), held, [uploads.Upload(name, GOOD)])
    assert read_receipt(numbers[0])["outcome"] == "refused"


def test_who_may_not_submit_is_told_so(round_home, sign_in_as):
    app = opened_as(sign_in_as, "submit", "analyst")
    assert "没有“报送”的权限" in app.error[0].value
    with pytest.raises(GuatuError):
        uploads.take_in(get_settings(), grant(load_roles(get_settings().seeds), "a", "a", "analyst", ()), [])


def test_locked_month_asks_for_the_reason(round_home, sign_in_as):
    settings = get_settings()
    with open_edition(settings) as connection:
        for step, person in (("check", "周明"), ("approve", "李华"), ("lock", "李华")):
            take_step(settings, connection, PERIOD, TOWN, step, person, operator(), "集体收入下月补齐")
    app = send(opened_as(sign_in_as, "submit", "township", TOWN), NAME, GOOD)
    assert app.button(key="submit_send").disabled
    assert PERIOD in app.text_input(key="submit_reason").label
    app.text_input(key="submit_reason").input("村委会核对后更正").run()
    app.button(key="submit_send").click().run()
    assert "全部接收" in text(app)
    assert read_reviews(settings)[-1].remark == "村委会核对后更正"


def test_receipts_and_workbooks_are_for_their_own_division(round_home, sign_in_as):
    settings = get_settings()
    path = settings.root / NAME
    path.write_bytes(BAD)
    (taken,) = ingest(settings, [path], datetime(2018, 9, 1))
    record = read_receipt(taken.submission.submission_id)
    roles = load_roles(settings.seeds)
    assert annotated(record, grant(roles, "a", "a", "township", (TOWN,)))
    assert annotated(record, grant(roles, "a", "a", "township", (OTHER_TOWN,))) is None
    assert annotated(record, grant(roles, "a", "a", "leader", (TOWN,))) is None
    assert f"第 {taken.submission.submission_id} 号" not in str(
        opened_as(sign_in_as, "submit", "township", OTHER_TOWN).selectbox(key="submit_look").options
    )
    assert not in_scope(grant(roles, "a", "a", "township", ()), TOWN)


def test_blank_workbook_of_the_own_division(round_home, sign_in_as):
    data = uploads.blank_workbook(get_settings(), uploads.FileName("villages", TOWN, PERIOD), prefill=False)
    sheet = openpyxl.load_workbook(BytesIO(data))["村情监测表"]
    assert "灵山镇" in sheet["A1"].value
    app = opened_as(sign_in_as, "submit", "township", TOWN)
    assert app.text_input(key="blank_division").value == TOWN
    app.button(key="blank_make").click().run()
    assert not app.error and TOWN in app.get("download_button")[0].proto.label
    app.text_input(key="blank_division").input(OTHER_TOWN).run()
    assert "请填写您辖区的区划代码" in text(app)


def test_months_offered_begin_with_the_one_due(round_home, monkeypatch):
    monkeypatch.setattr(uploads, "now", lambda: datetime(2019, 1, 3))
    months = uploads.recent_months(get_settings())
    assert months[:3] == ["2018-12", "2019-01", "2018-11"]
    assert len(months) == len(set(months)) == 12
