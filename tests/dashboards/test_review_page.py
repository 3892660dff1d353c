"""审核: the steps, who may take them, and what the page says of a month."""

from town_pages import COUNTY, OTHER_TOWN, PERIOD, TOWN, opened, opened_as, row, text

from orchestration.access import audit
from orchestration.records.reviews import read_reviews
from orchestration.settings import get_settings

HERE = {"period": PERIOD, "division": TOWN}


def act(app, step, remark=""):
    app.radio(key="review_step").set_value(step)
    app.text_area(key="review_remark").input(remark)
    app.button[0].click().run() if len(app.button) == 1 else next(
        button for button in app.button if button.label == "确认办理"
    ).click().run()
    return app


def test_township_checks_county_approves_and_locks(round_home, sign_in_as):
    app = opened_as(sign_in_as, "review", "township", TOWN, **HERE)
    assert "未报齐:村情监测表" in text(app) and "数字为暂定" in text(app)
    assert "须写明理由" in act(app, "check").error[0].value
    app = act(opened_as(sign_in_as, "review", "township", TOWN, **HERE), "check", "集体收入下月补齐")
    assert not app.error and "已记录:乡镇审核" in app.success[0].value
    assert "没有您可以办理的步骤" in text(app)
    leader = opened_as(sign_in_as, "review", "leader", COUNTY, **HERE)
    assert "乡镇已审核" in text(leader)
    assert leader.radio(key="review_step").options == ["退回重核", "县级核定"]
    leader = act(leader, "approve", "同意")
    assert not leader.error
    assert "数字已核定" in text(leader)
    leader = act(leader, "lock")
    assert "★ 已锁定" in text(leader)
    assert [(r.step, r.login) for r in read_reviews(get_settings())] == [
        ("check", f"township-{TOWN}"), ("approve", f"leader-{COUNTY}"), ("lock", f"leader-{COUNTY}"),
    ]  # fmt: skip
    assert [entry["change"] for entry in audit.read(get_settings()) if entry["what"] == "decision"][:2] == [
        "lock", "approve",
    ]  # fmt: skip


def test_county_sees_where_its_townships_stand(round_home, sign_in_as):
    act(opened_as(sign_in_as, "review", "township", TOWN, **HERE), "check", "集体收入下月补齐")
    app = opened_as(sign_in_as, "review", "leader", COUNTY, period=PERIOD, division=COUNTY)
    shown = row(app, "灵山镇")
    assert shown[1] == "▲ 乡镇已审核" and shown[2] == "村情监测表" and "乡镇审核" in shown[3]


def test_only_the_own_division_can_be_reviewed(round_home, sign_in_as):
    app = opened_as(sign_in_as, "review", "township", OTHER_TOWN, **HERE)
    assert not app.radio
    assert app.info


def test_a_step_already_taken_is_not_taken_twice(round_home, sign_in_as):
    first, second = (opened_as(sign_in_as, "review", "township", TOWN, **HERE) for _ in range(2))
    act(first, "check", "集体收入下月补齐")
    assert "没有您可以办理的步骤" in text(act(second, "check", "集体收入下月补齐"))
    assert len(read_reviews(get_settings())) == 1


def test_without_edition_it_says_what_to_do(home):
    assert "还没有发布任何版本" in opened("review").info[0].value
