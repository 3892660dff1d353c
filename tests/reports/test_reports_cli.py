"""``guatu report`` and ``guatu check-text`` as an office types them."""

import json
from pathlib import Path

import pytest
from sample_edition import EDITION_ID, build_sample_edition
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.errors import GuatuError

runner = CliRunner()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with the sample edition published."""
    home = tmp_path_factory.mktemp("home")
    build_sample_edition(home / "published")
    record = {
        "edition_id": EDITION_ID,
        "period": "2022-06",
        "as_of": "2022-07-06T10:05:00",
        "published_at": "2022-07-06T10:06:00",
        "sequence": 3,
        "tables": {},
        "table_hashes": {},
        "logical_hash": "0" * 64,
    }
    (home / "published" / f"{EDITION_ID}.json").write_text(json.dumps(record), encoding="utf-8")
    return home


def test_kinds_are_listed_without_a_period() -> None:
    result = runner.invoke(app, ["report", "--kinds"])
    assert result.exit_code == 0
    for word in ("月度通报", "约谈建议书", "奖惩兑现建议表", "退回整改通知", "村级体检表", "考核情况公示"):
        assert word in result.output


def test_one_document_with_its_number_from_a_named_edition(home: Path, tmp_path: Path) -> None:
    result = runner.invoke(
        app,
        ["report", "--period", "2018-07", "--edition", EDITION_ID, "--kind", "红黑榜", "--number", "灵政〔2022〕12号",
         "--out", str(tmp_path), "--home", str(home)],
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert sorted(path.suffix for path in (tmp_path / "2018-07").iterdir()) == [".docx", ".pdf"]


def test_what_goes_out_with_every_edition_is_bulletin_annex_and_settlement(home: Path, tmp_path: Path) -> None:
    result = runner.invoke(app, ["report", "--period", "2022-06", "--out", str(tmp_path), "--home", str(home)])
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "2022-06").iterdir()) == sorted(
        f"520500000000_bijie-2022_{name}"
        for name in ("月度通报.pdf", "月度通报.docx", "附表.xlsx", "奖惩兑现建议表.pdf", "奖惩兑现建议表.docx")
    )


def test_a_text_is_checked_and_a_wrong_figure_ends_with_1(home: Path, tmp_path: Path) -> None:
    text = tmp_path / "讲话稿.txt"
    text.write_text("毕节市衔接资金支出进度52.35%，威宁彝族回族苗族自治县第7名。", encoding="utf-8")
    options = ["check-text", str(text), "--period", "2022-06", "--home", str(home)]
    result = runner.invoke(app, options)
    assert (result.exit_code, "一致 2 个" in result.output) == (0, True), result.output
    text.write_text("毕节市衔接资金支出进度53.25%。", encoding="utf-8")
    result = runner.invoke(app, options)
    assert result.exit_code == 1
    assert "52.35%" in result.output and "不一致 1 个" in result.output


def test_an_edition_that_does_not_exist_is_one_sentence(home: Path) -> None:
    result = runner.invoke(app, ["report", "--period", "2022-06", "--edition", "2030-01_0009", "--home", str(home)])
    assert isinstance(result.exception, GuatuError)
