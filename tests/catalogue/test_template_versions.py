"""Former forms of templates: the months they hold for, what a version file may say, and how the dictionary lists it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.catalogue.dictionary import dictionary
from orchestration.catalogue.template_versions import accepted_lists, form_at, load_forms, retired_labels
from orchestration.catalogue.templates import load_codes, load_templates
from orchestration.errors import GuatuError
from orchestration.settings import PROJECT_ROOT, get_settings

FIRST = """
template: visits
title: 2018年式样
valid_to: 2018-12
source: 示例通知甲
absent: [visitor_role]
titles: {household_id: 贫困户编号}
dropped: [走访时长]
"""
SECOND = """
template: visits
title: 2020年式样
valid_to: 2020-11
source: 示例通知乙
lists:
  visitor_role: {包村干部: helper, 驻村工作队: team, 村两委: village_committee}
"""
Seeds = Callable[..., Path]


@pytest.fixture
def seeds(tmp_path: Path) -> Seeds:
    """Seeds with the version files given."""

    def write(*versions: str) -> Path:
        target = tmp_path / "seeds"
        shutil.copytree(PROJECT_ROOT / "seeds", target)
        history = target / "templates" / "history"
        history.mkdir(exist_ok=True)
        for number, text in enumerate(versions):
            (history / f"{number}.yml").write_text(text, encoding="utf-8")
        return target

    return write


def test_what_is_shipped_holds_and_today_s_form_is_the_template() -> None:
    shipped = PROJECT_ROOT / "seeds"
    forms = load_forms(shipped)
    for name, template in load_templates(shipped).items():
        assert forms[name][-1].template == template
        assert forms[name][-1].title is None
        assert form_at(forms[name], "2100-12") is forms[name][-1]


def test_every_month_has_one_form(seeds: Seeds) -> None:
    """A version holds from the month after the one before it: no month has two forms, and none has none."""
    forms = load_forms(seeds(SECOND, FIRST))["visits"]
    assert [(f.title, f.since, f.until) for f in forms] == [
        ("2018年式样", "0000-00", "2018-12"), ("2020年式样", "2019-01", "2020-11"), (None, "2020-12", "9999-99"),
    ]  # fmt: skip
    months = {"2016-01": "2018年式样", "2018-12": "2018年式样", "2019-01": "2020年式样", "2020-11": "2020年式样"}
    assert {month: form_at(forms, month).title for month in [*months, "2020-12"]} == {**months, "2020-12": None}


def test_a_form_has_its_own_columns_but_every_field_of_the_lake(seeds: Seeds) -> None:
    old, _, today = load_forms(seeds(FIRST, SECOND))["visits"]
    assert old.template.lake_schema() == today.template.lake_schema()
    assert old.template.field("household_id").title == "贫困户编号"
    assert not old.template.field("visitor_role").required
    assert "visitor_role" not in [field.name for field in old.printed().fields]


def test_labels_are_read_until_they_go_out_of_force_and_today_s_always(seeds: Seeds) -> None:
    root = seeds(FIRST, SECOND)
    forms, codes = load_forms(root)["visits"], load_codes(root)
    for month in ("2017-01", "2020-11"):
        roles = accepted_lists(forms, codes, month)["visitor_role"]
        assert (roles["包村干部"], roles["帮扶责任人"]) == ("helper", "helper")
        assert retired_labels(forms, codes, month).get("visitor_role", {}) == {}
    assert accepted_lists(forms, codes, "2020-12")["visitor_role"] == codes["visitor_role"]
    assert retired_labels(forms, codes, "2020-12") == {"visitor_role": {"包村干部": "帮扶责任人"}}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("template: visits", "template: visit"), "没有模板 visit"),
        (("absent: [visitor_role]", "absent: [visitor_rank]"), "没有这些字段:visitor_rank"),
        (("absent: [visitor_role]", "absent: [visit_id]"), "不能缺:visit_id"),
        (("absent: [visitor_role]", "absent: [household_id]"), "又另有名称的字段:household_id"),
        (("贫困户编号", "走访编号"), "无法区分:走访编号"),
        (("走访时长", "走访 人"), "无法区分:走访人"),
        (("走访时长", "期别"), "无法区分:期别"),
        (("走访时长", "贫困户编号"), "旧栏目名重复:贫困户编号"),
        (("走访时长", "走访时长(小时)"), "不要写计量单位"),
        (("dropped:", "lists: {gender: {先生: male}}\ndropped:"), "没有用到这些代码表:gender"),
        (("dropped:", "lists: {visitor_role: {干部: boss}}\ndropped:"), "现在没有这些代码:boss"),
        (("dropped:", "lists: {visitor_role: {村两委: team}}\ndropped:"), "含义与现在不同的取值:村两委"),
        ((FIRST.partition("absent")[1] + FIRST.partition("absent")[2], ""), "没有写明"),
        (("2018-12", "2018-13"), "写法不对:valid_to"),
        (("source: 示例通知甲", ""), "source"),
        (("dropped:", "removed:"), "removed"),
        (("absent: [visitor_role]", "absent: [visitor_role"), "YAML"),
    ],
)
def test_a_version_that_cannot_hold_is_refused_in_words(seeds: Seeds, change: tuple[str, str], told: str) -> None:
    root = seeds(FIRST.replace(*change))
    with pytest.raises(GuatuError) as refused:
        load_forms(root)
    assert told in refused.value.message_zh
    assert "0.yml" in refused.value.message_zh


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (SECOND.replace("2020-11", "2018-12"), "止月相同:2018-12"),
        (SECOND.replace("2020年式样", "2018年式样"), "名称相同:2018年式样"),
        (SECOND + "titles: {visitor: 贫困户编号}", "含义不同:栏目 贫困户编号"),
        (SECOND + "dropped: [贫困户编号]", "含义不同:栏目 贫困户编号"),
    ],
)
def test_versions_that_contradict_each_other_are_refused(seeds: Seeds, second: str, told: str) -> None:
    root = seeds(FIRST, second)
    with pytest.raises(GuatuError, match=told):
        load_forms(root)


def test_the_divisions_template_keeps_what_the_tree_is_built_from(seeds: Seeds) -> None:
    root = seeds("{template: divisions, title: 旧, valid_to: 2018-12, source: 例, absent: [level]}")
    with pytest.raises(GuatuError, match="不能缺:level"):
        load_forms(root)


def test_the_dictionary_lists_former_forms_where_there_are_any(seeds: Seeds) -> None:
    settings = get_settings().model_copy(update={"seeds": seeds(FIRST, SECOND)})
    text = dictionary(settings)
    assert text.count("历次表样") == 1
    row = next(line for line in text.splitlines() if line.startswith("| 2018年式样"))
    assert row == (
        "| 2018年式样 |  | 2018-12 | 没有:走访人身份;原名:户编号原为“贫困户编号”;已取消:走访时长 | 示例通知甲 |"
    )
    assert "| 2020年式样 | 2019-01 | 2020-11 | 代码表 `visitor_role`:包村干部 `helper`" in text
