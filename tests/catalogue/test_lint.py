"""The linter: every bad scheme is refused or warned of, in a sentence that says what, where and what to do."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from orchestration.catalogue.lint import Finding, lint_files
from orchestration.cli import app
from orchestration.settings import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "seeds"
DOCUMENT = "示例县考核办法。危房户占比不得高于百分之二。\n资金支出进度月排名,对前三名\n奖励三万元。驻村每月不低于20天。"
SCHEME: dict[str, Any] = {
    "scheme": "example-2021",
    "title": "示例县考核办法",
    "issuer": "示例县",
    "division": "990101000000",
    "valid_from": "2021-01-01",
    "valid_to": "2021-12-31",
    "source": "example.txt",
    "requires": ["households"],
    "targets": [
        {
            "indicator": "attendance_rate",
            "title": "驻村天数",
            "levels": ["village"],
            "target": {"operator": ">=", "value": 1},
            "clause": "EX-02",
        }
    ],
    "rankings": [
        {
            "code": "monthly",
            "title": "支出进度月排名",
            "unit_level": "township",
            "population": "990101000000",
            "frequency": "month",
            "indicator": "linkage_expenditure_rate",
            "clause": "EX-01",
            "actions": [
                {
                    "clause": "EX-01",
                    "trigger": "top",
                    "n": 3,
                    "consequences": [{"object": "work_funds", "kind": "reward", "amount": 30000}],
                }
            ],
        }
    ],
    "clauses": [
        {
            "id": "EX-01",
            "title": "月排名奖励",
            "kind": "reward",
            "quote": "资金支出进度月排名,对前三名奖励三万元",
            "element": "ranking monthly, action top 3",
        },
        {
            "id": "EX-02",
            "title": "驻村天数",
            "kind": "indicator",
            "quote": "驻村每月不低于20天",
            "element": "target attendance_rate",
        },
    ],
}


def linted(folder: Path, *schemes: dict[str, Any]) -> list[Finding]:
    (folder / "example.txt").write_text(DOCUMENT, encoding="utf-8")
    paths = []
    for number, scheme in enumerate(schemes):
        path = folder / f"{scheme['scheme']}_{number}.yml"
        path.write_text(yaml.safe_dump(scheme, allow_unicode=True), encoding="utf-8")
        paths.append(path)
    return lint_files(paths, SEEDS, folder)


def changed(**values: Any) -> dict[str, Any]:
    return deepcopy(SCHEME) | values


def test_a_good_scheme_passes_also_where_the_document_breaks_a_line(tmp_path: Path) -> None:
    assert linted(tmp_path, SCHEME) == []


def bad_quote(scheme: dict[str, Any]) -> None:
    scheme["clauses"][0]["quote"] = "对前三名奖励五万元"


def unknown_indicator(scheme: dict[str, Any]) -> None:
    scheme["targets"][0]["indicator"] = "happiness_rate"


def unknown_class(scheme: dict[str, Any]) -> None:
    scheme["targets"][0]["village_types"] = ["rich"]


def unknown_consequence(scheme: dict[str, Any]) -> None:
    scheme["rankings"][0]["actions"][0]["consequences"][0]["kind"] = "applause"


def weights(scheme: dict[str, Any]) -> None:
    del scheme["rankings"][0]["indicator"]
    scheme["rankings"][0]["items"] = [
        {"indicator": "start_rate", "weight": 60},
        {"indicator": "completion_rate", "weight": 30},
    ]


def support_by_an_amount(scheme: dict[str, Any]) -> None:
    scheme["support_unit_indicators"] = [{"indicator": "recallable_amount", "title": "存量资金", "clause": "EX-02"}]


def support_by_what_should_be_low(scheme: dict[str, Any]) -> None:
    scheme["support_unit_indicators"] = [{"indicator": "surplus_rate", "title": "结余率", "clause": "EX-02"}]


def loose_without_tolerance(scheme: dict[str, Any]) -> None:
    figure = {"code": "people", "title": "人口", "value": 23000, "unit": "人", "state": "approximate"}
    scheme["figures"] = [figure | {"indicator": "exited_population", "clause": "EX-02"}]


def tolerance_of_an_exact_number(scheme: dict[str, Any]) -> None:
    figure = {"code": "people", "title": "人口", "value": 22998, "unit": "人", "tolerance": 5}
    scheme["figures"] = [figure | {"indicator": "exited_population", "clause": "EX-02"}]


def no_clause(scheme: dict[str, Any]) -> None:
    del scheme["rankings"][0]["actions"][0]["clause"]


def unlisted_clause(scheme: dict[str, Any]) -> None:
    scheme["rankings"][0]["actions"][0]["clause"] = "EX-99"


def no_document(scheme: dict[str, Any]) -> None:
    scheme["source"] = "elsewhere.txt"


def doubled(scheme: dict[str, Any]) -> None:
    scheme["targets"].append(scheme["targets"][0])


def two_scores(scheme: dict[str, Any]) -> None:
    scheme["rankings"][0]["round"] = "2021-06"


def misspelt(scheme: dict[str, Any]) -> None:
    scheme["milestone"] = []


@pytest.mark.parametrize(
    ("spoil", "code", "words"),
    [
        (bad_quote, "quote_not_in_source", "EX-01"),
        (unknown_indicator, "unknown_term", "happiness_rate"),
        (unknown_class, "unknown_term", "村属性 rich"),
        (support_by_an_amount, "not_a_rate", "recallable_amount"),
        (support_by_what_should_be_low, "not_a_rate", "surplus_rate"),
        (loose_without_tolerance, "invalid", "须写 tolerance"),
        (tolerance_of_an_exact_number, "invalid", "只有约数"),
        (unknown_consequence, "unknown_term", "applause"),
        (weights, "weights_not_100", "90"),
        (no_clause, "action_without_clause", "monthly"),
        (unlisted_clause, "unknown_clause", "EX-99"),
        (no_document, "no_source", "elsewhere.txt"),
        (doubled, "doubled_code", "attendance_rate"),
        (two_scores, "invalid", "之一"),
        (misspelt, "invalid", "milestone"),
    ],
)
def test_refused(spoil: Any, code: str, words: str, tmp_path: Path) -> None:
    scheme = changed()
    spoil(scheme)
    errors = [each for each in linted(tmp_path, scheme) if each.severity == "error"]
    assert code in {each.code for each in errors}
    message = next(each.message for each in errors if each.code == code)
    assert words in message and message.endswith("。")


def test_a_file_that_is_no_yaml_or_not_there_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yml"
    broken.write_text("scheme: [1\n", encoding="utf-8")
    assert [each.code for each in lint_files([broken, tmp_path / "none.yml"], SEEDS)] == ["not_yaml", "unreadable"]


def test_versions_of_one_document_must_not_overlap(tmp_path: Path) -> None:
    second = changed(scheme="example-2022", replaces="example-2021", valid_from="2021-12-31", valid_to="2022-12-31")
    assert [each.code for each in linted(tmp_path, SCHEME, second)] == ["versions_overlap"]
    second["valid_from"] = "2022-01-01"
    assert linted(tmp_path, SCHEME, second) == []


def test_a_changed_copy_of_an_installed_scheme_overlaps_it(tmp_path: Path) -> None:
    installed = yaml.safe_load((SEEDS / "schemes" / "lingshan-2018.yml").read_text(encoding="utf-8"))
    copy = tmp_path / "copy.yml"
    copy.write_text(yaml.safe_dump(installed, allow_unicode=True), encoding="utf-8")
    assert lint_files([copy], SEEDS) == []
    copy.write_text(yaml.safe_dump(installed | {"title": "改过的"}, allow_unicode=True), encoding="utf-8")
    assert [each.code for each in lint_files([copy], SEEDS)] == ["versions_overlap"]


def test_two_thresholds_for_one_thing(tmp_path: Path) -> None:
    scheme = changed()
    lower = {"name": "attendance_low", "target": {"operator": ">=", "value": 0.8}}
    scheme["targets"].append(scheme["targets"][0] | lower)
    (found,) = linted(tmp_path, scheme)
    assert (found.severity, found.code) == ("warning", "two_thresholds")
    assert ">= 1" in found.message and ">= 0.8" in found.message
    for separate in ({"village_types": ["poor"]}, {"levels": ["township"]}):
        other = deepcopy(scheme)
        other["targets"][0] |= {"village_types": ["non_poor"]}
        other["targets"][1] |= separate
        assert linted(tmp_path, other) == []


def test_a_target_against_a_milestone(tmp_path: Path) -> None:
    milestone = {
        "indicator": "attendance_rate",
        "checkpoint": "06-30",
        "title": "驻村天数",
        "levels": ["village"],
        "operator": ">=",
        "threshold": 0.9,
        "clause": "EX-02",
    }
    assert [each.code for each in linted(tmp_path, changed(milestones=[milestone]))] == ["two_thresholds"]
    assert linted(tmp_path, changed(milestones=[milestone | {"threshold": 1}])) == []


@pytest.mark.parametrize(
    ("division", "expected"),
    [("990101102000", ["nested_conflict"]), ("990100000000", ["nested_conflict"]), ("990102000000", [])],
)
def test_conflict_with_a_scheme_around_or_inside(division: str, expected: list[str], tmp_path: Path) -> None:
    other = changed(scheme="other-2021", division=division)
    other["targets"][0]["target"]["value"] = 0.9
    assert [each.code for each in linted(tmp_path, SCHEME, other)] == expected


def test_no_conflict_outside_each_others_time(tmp_path: Path) -> None:
    later = changed(scheme="later-2022", valid_from="2022-01-01", valid_to="2022-12-31")
    later["targets"][0]["target"]["value"] = 0.9
    assert linted(tmp_path, SCHEME, later) == []


def test_a_clause_that_nothing_carries(tmp_path: Path) -> None:
    open_clause = changed()
    del open_clause["clauses"][1]["element"]
    astray = changed()
    astray["clauses"][1]["element"] = "target presence_rate(说明, 不计)"
    for scheme in (open_clause, astray):
        (found,) = linted(tmp_path, scheme)
        assert (found.severity, found.code) == ("warning", "clause_not_carried")
        assert "EX-02" in found.message
    named = changed()
    named["clauses"][1] |= {"element": None, "not_computable": "无报送模板"}
    assert linted(tmp_path, named) == []


def test_a_boundary_now_in_now_out(tmp_path: Path) -> None:
    """100人以上 takes the hundred in, 超过100人 leaves it out; once recorded it is told as the document's own."""
    document = "贫困人口100人以上的非贫困村全覆盖,贫困人口超过100人的非贫困村队员不少于2人。"
    quotes = ["贫困人口100人以上的非贫困村全覆盖", "贫困人口超过100人的非贫困村队员不少于2人"]
    scheme = changed()
    for clause, quote in zip(scheme["clauses"], quotes, strict=True):
        clause["quote"] = quote
    (tmp_path / "team.txt").write_text(document, encoding="utf-8")
    scheme["source"] = "team.txt"
    (found,) = linted(tmp_path, scheme)
    assert found.code == "boundary_words" and all(quote in found.message for quote in quotes)
    scheme["contradictions"] = [{"title": "100人是否在内", "quotes": quotes, "note": "按不含本数判定"}]
    assert [each.code for each in linted(tmp_path, scheme)] == ["contradiction"]
    scheme["contradictions"][0]["quotes"] = ["贫困人口200人以上"]
    assert "quote_not_in_source" in {each.code for each in linted(tmp_path, scheme)}


def test_command_line(tmp_path: Path) -> None:
    good = SEEDS / "schemes" / "yueyang-2019.yml"
    result = CliRunner().invoke(app, ["scheme", "lint", str(good)])
    assert result.exit_code == 0 and "未给出 --documents" in result.output and "超过100人" in result.output
    bad = changed()
    unknown_indicator(bad)
    path = tmp_path / "bad.yml"
    path.write_text(yaml.safe_dump(bad, allow_unicode=True), encoding="utf-8")
    result = CliRunner().invoke(app, ["scheme", "lint", str(path)])
    assert result.exit_code == 1 and "happiness_rate" in result.output and "错误 1 项" in result.output
