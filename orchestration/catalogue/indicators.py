"""The indicator catalogue (``seeds/indicators``) and the reference tables (``seeds/reference``)."""

from functools import cache
from pathlib import Path

import polars as pl

from orchestration.catalogue.templates import load_templates


@cache
def load_reference(seeds: Path, name: str) -> pl.DataFrame:
    """One reference table as text columns; blank cells are NULL.

    name  file stem under ``seeds/reference``: standards, parameters, consequences, objects
    """
    return pl.read_csv(seeds / "reference" / f"{name}.csv", infer_schema=False, comment_prefix="#")


@cache
def load_indicators(seeds: Path) -> pl.DataFrame:
    """One row per indicator (indicator_code … note), with its position in the catalogue.

    Raises ValueError where a row needs a template that does not exist or a code stands twice.
    """
    rows = pl.read_csv(seeds / "indicators" / "indicators.csv", infer_schema=False).with_row_index("position", 1)
    doubled = rows.filter(pl.col("indicator_code").is_duplicated())["indicator_code"].to_list()
    if doubled:
        raise ValueError(f"指标代码重复:{sorted(set(doubled))}")
    known = set(load_templates(seeds))
    for code, needs in rows.select("indicator_code", pl.col("needs").fill_null("")).iter_rows():
        unknown = {need.split("@")[0].split(".")[0] for need in needs.split()} - known
        if unknown:
            raise ValueError(f"指标 {code} 需要的模板不存在:{sorted(unknown)}")
    return rows
