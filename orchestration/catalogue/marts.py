"""The marts as their documentation (``_marts.yml``) words them: Chinese titles and what every column means."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from orchestration.yaml_text import read_yaml

MARTS = Path("models") / "marts" / "_marts.yml"
_END_OF_TITLE = re.compile(r"[;;,,。:((]")
"""A column without a title of its own is called by the first words of its description."""


@dataclass(frozen=True)
class MartColumn:
    """One column: name and data type in the database, title and meaning in Chinese."""

    name: str
    title: str
    description: str
    data_type: str


@dataclass(frozen=True)
class Mart:
    """One table of the edition; ``description`` says what a row is."""

    name: str
    title: str
    description: str
    columns: tuple[MartColumn, ...]


@cache
def load_marts(dbt_project: Path) -> dict[str, Mart]:
    """Marts by name, in the order of the file. Read once a process.

    Raises ValueError where two tables, or two columns of one table, have the same title.
    """
    models = read_yaml((dbt_project / MARTS).read_text(encoding="utf-8"))["models"]
    marts = {model["name"]: _mart(model) for model in models}
    _require_unique([mart.title for mart in marts.values()], "结果表")
    for mart in marts.values():
        _require_unique([column.title for column in mart.columns], mart.name)
    return marts


def _mart(model: dict) -> Mart:
    columns = tuple(
        MartColumn(
            column["name"],
            _title(column) or _END_OF_TITLE.split(column.get("description") or "")[0].strip() or column["name"],
            column.get("description") or "",
            str(column.get("data_type") or ""),
        )
        for column in model["columns"]
    )
    return Mart(model["name"], _title(model) or model["name"], model.get("description") or "", columns)


def _title(node: dict) -> str | None:
    return node.get("config", {}).get("meta", {}).get("title")


def _require_unique(titles: list[str], where: str) -> None:
    doubled = sorted({title for title in titles if titles.count(title) > 1})
    if doubled:
        raise ValueError(f"{where} 的标题重复:{'、'.join(doubled)}。请在 _marts.yml 的 config.meta.title 中另起")
