"""指标字典: the definition, what it needs, who uses it, its lineage and its value."""

import json
from pathlib import Path

import pytest
from analyst_edition import write_analyst_sample
from test_pages import cells, page_html

from dashboards.charts.lineage import lineage_chart
from orchestration.catalogue.lineage import lineage


@pytest.fixture
def edition(home):
    write_analyst_sample(home / "published")


def write_manifest(path: Path) -> Path:
    """A project of six models: of two that compute measures only one computes ours."""
    reads = {
        "stg_fund_receipts": [], "stg_persons": [], "int_receipts": ["stg_fund_receipts"],
        "int_fund_measures": ["int_receipts"], "int_person_measures": ["stg_persons"],
        "int_indicators": ["int_fund_measures", "int_person_measures"], "fct_indicator": ["int_indicators"],
    }  # fmt: skip
    code = {"int_fund_measures": "select issued_linkage", "int_person_measures": "select persons"}
    nodes = {
        f"model.guatu.{name}": {
            "name": name,
            "resource_type": "model",
            "original_file_path": f"models/{name}.sql",
            "raw_code": code.get(name, ""),
            "depends_on": {"nodes": [f"model.guatu.{read}" for read in read_]},
        }
        for name, read_ in reads.items()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
    return path


def test_definition_value_needs_and_clauses(open_page, edition):
    app = open_page("dictionary", indicator="linkage_expenditure_rate", division="520500000000", period="2022-06")
    assert not app.error
    html = page_html(app)
    assert cells(app, "分子(或数值)")[1] == "已支出的衔接资金"
    assert cells(app, "方向")[1] == "越高越好"
    assert "48.00%" in html
    assert cells(app, "资金下达台账")[2] == "流水"
    clause = cells(app, "bijie-06-30")
    assert "资金支出进度于06-30前达到时序要求" in clause[4] and "节点" in clause[2]


def test_search_narrows_and_says_when_nothing_is_found(open_page, edition):
    app = open_page("dictionary", find="逾期")
    box = next(box for box in app.selectbox if box.label.startswith("指标"))
    assert box.options == ["逾期未完工项目数  overdue_projects"]
    app = open_page("dictionary", find="没有这个词")
    assert "没有含" in app.info[0].value


def test_a_missing_value_says_why(open_page, edition):
    app = open_page("dictionary", indicator="work_relief_share", division="520500000000", period="2022-06")
    assert "不适用" in page_html(app)


def test_without_a_parsed_project_the_lineage_says_what_to_do(open_page, edition):
    app = open_page("dictionary", indicator="linkage_expenditure_rate")
    assert any("guatu run" in info.value for info in app.info)


def test_lineage_is_drawn_from_the_manifest(open_page, home, edition):
    write_manifest(home / "work" / "dbt" / "manifest.json")
    app = open_page("dictionary", indicator="linkage_expenditure_rate")
    assert not app.error
    assert "models/int_fund_measures.sql" in page_html(app)
    assert "models/int_person_measures.sql" not in page_html(app)


def test_only_models_on_the_way_are_steps(tmp_path: Path):
    manifest = write_manifest(tmp_path / "manifest.json")
    steps = lineage(manifest, ["fund_receipts"], ["issued_linkage"])
    assert [step.name for step in steps] == [
        "stg_fund_receipts", "int_receipts", "int_fund_measures", "int_indicators", "fct_indicator",
    ]  # fmt: skip
    assert [step.layer for step in steps] == [1, 2, 3, 4, 5]
    assert steps[2].reads == ("int_receipts",)
    assert lineage(tmp_path / "none.json", ["fund_receipts"], ["issued_linkage"]) == ()


def test_the_figure_names_every_step_and_template(tmp_path: Path):
    steps = lineage(write_manifest(tmp_path / "manifest.json"), ["fund_receipts"], ["issued_linkage"])
    figure = lineage_chart(steps, {"fund_receipts": "资金下达台账"})
    texts = {text for trace in figure.data if trace.text for text in trace.text}
    assert texts == {"资金下达台账", *(step.name for step in steps)}
