"""A published number may be what a rate counts (31 villages of 68); then it must say of which rate."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from orchestration.catalogue.elements import Figure
from orchestration.catalogue.schemes import load_schemes
from orchestration.settings import get_settings


def test_a_part_needs_its_indicator() -> None:
    with pytest.raises(ValidationError, match="part"):
        Figure(code="f", title="达标村", value=Decimal(31), unit="个", part="numerator", clause="C-01")


def test_biyang_s_exits_are_what_the_rates_count() -> None:
    figures = load_schemes(get_settings().seeds)["biyang-2016"].figures
    found = {f.code: (f.indicator, f.part) for f in figures if f.indicator}
    assert found == {
        "exited_villages": ("ten_items_rate", "numerator"),
        "exited_persons": ("exit_plan_rate", "numerator"),
    }
