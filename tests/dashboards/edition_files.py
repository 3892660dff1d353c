"""Writes editions as real DuckDB files with their sidecars, as publishing does."""

import json
import os
from pathlib import Path

import duckdb
import sample

SCHEMA = Path(__file__).parent / "edition.sql"


def write_edition(published: Path, tables: dict[str, list[sample.Row]], sequence: int, period: str = "2022-06") -> Path:
    """Write one edition with its sidecar and make it the current one.

    Tables not given are empty; columns after the last value of a row are NULL.
    """
    published.mkdir(parents=True, exist_ok=True)
    edition_id = f"{period}_{sequence:04d}"
    path = published / f"{edition_id}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(SCHEMA.read_text(encoding="utf-8"))
        for table, rows in tables.items():
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                described = connection.execute(f"describe marts.{table}").fetchall()[: len(rows[0])]
                columns = ", ".join(column for column, *_ in described)
                connection.executemany(f"insert into marts.{table} ({columns}) values ({marks})", rows)
    record = {
        "edition_id": edition_id,
        "period": period,
        "as_of": "2022-07-06T08:00:00",
        "sequence": sequence,
        "published_at": f"2022-07-06T09:{sequence:02d}:00",
        "tables": {},
        "table_hashes": {},
        "logical_hash": "0" * 64,
    }
    path.with_suffix(".json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    link = published / "next.duckdb"
    link.unlink(missing_ok=True)
    link.symlink_to(path.name)
    os.replace(link, published / "current.duckdb")
    return path


def write_sample(published: Path) -> None:
    """Two editions of 2022-06: in the second one figure was corrected (监测对象 of 毕节市)."""
    tables = sample.sample_tables()
    earlier = [
        (*row[:6], 790, *row[7:]) if row[1] == sample.PREFECTURE and row[3] == "monitored_households" else row
        for row in tables["fct_indicator"]
    ]
    write_edition(published, {**tables, "fct_indicator": earlier}, 1)
    write_edition(published, tables, 2)
