"""The models' documentation: one page, made once for one state of the project, with the Chinese descriptions."""

import json
from pathlib import Path

import pytest

from orchestration import model_docs
from orchestration.errors import GuatuError
from orchestration.settings import get_settings


def test_the_page_is_made_once_and_holds_the_descriptions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    settings = get_settings(tmp_path)
    page = model_docs.model_docs(settings)
    text = page.read_text(encoding="utf-8")
    assert "fct_indicator" in text
    assert json.dumps("一行一个期别、区划、指标。")[1:-1] in text
    assert page.is_relative_to(settings.work) and not list((settings.work / "docs").glob(".*"))
    monkeypatch.setattr(model_docs, "_make", lambda *_: pytest.fail("made twice"))
    assert model_docs.model_docs(settings) == page


def test_a_failure_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(model_docs.sys, "executable", "/bin/false")
    with pytest.raises(GuatuError, match="模型文档生成失败"):
        model_docs.model_docs_in_child(get_settings(tmp_path))
