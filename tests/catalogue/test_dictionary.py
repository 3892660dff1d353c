"""The data dictionary in docs/ says what the catalogue says, in Chinese, and nothing is missing from it."""

import re

import polars as pl
import pytest
import yaml

from orchestration.catalogue import load_indicators, load_schemes, load_templates
from orchestration.catalogue.dictionary import TARGET, dictionary
from orchestration.catalogue.markdown import table
from orchestration.catalogue.marts import MARTS
from orchestration.settings import get_settings


@pytest.fixture(scope="module")
def text() -> str:
    return dictionary(get_settings())


def test_the_file_in_docs_is_the_generated_one(text: str) -> None:
    assert TARGET.read_text(encoding="utf-8") == text, "the catalogue changed: run make docs"


def test_every_indicator_template_clause_and_mart_column_is_in_it(text: str) -> None:
    settings = get_settings()
    marts = yaml.safe_load((settings.dbt_project / MARTS).read_text(encoding="utf-8"))["models"]
    wanted = [f"`{code}`" for code in load_indicators(settings.seeds)["indicator_code"]]
    wanted += [f"`{field.name}`" for template in load_templates(settings.seeds).values() for field in template.fields]
    wanted += [f"| {clause.id} |" for scheme in load_schemes(settings.seeds).values() for clause in scheme.clauses]
    wanted += [f"`{column['name']}`" for mart in marts for column in mart["columns"]]
    assert [each for each in wanted if each not in text] == []


def test_every_indicator_is_defined_in_chinese() -> None:
    """A definition exists in Chinese exactly where it exists in English, without English words in it."""
    rows = load_indicators(get_settings().seeds)
    for half in ("numerator", "denominator"):
        english, chinese = rows[half].is_null(), rows[f"{half}_zh"].is_null()
        assert rows.filter(english != chinese)["indicator_code"].to_list() == []
        foreign = rows.filter(pl.col(f"{half}_zh").str.contains(r"[a-z]{3,}"))
        assert foreign["indicator_code"].to_list() in ([], ["task_rate"])  # task_rate names its table


def test_a_rate_stands_in_percent(text: str) -> None:
    assert re.search(r"\| 六月底支出进度 \| 衔接资金支出进度 \| 06-30 \| 县 \| 不低于 50%,或高于省平均 \|", text)


def test_text_does_not_break_out_of_its_cell() -> None:
    assert table(["甲"], [["一|二\n三"], [None]]) == "| 甲 |\n| --- |\n| 一\\|二 三 |\n|  |\n"
