"""A small published edition with invented places and figures: the tables a report reads, and nothing else.

Two schemes: a township ranking its villages inside a county's population (2018), and a prefecture with fund
milestones (2022).
"""

from pathlib import Path

import duckdb

TOWN = "411521103000"
PREFECTURE = "520500000000"
EDITION_ID = "2022-06_0003"

TABLES = Path(__file__).with_suffix(".sql")


def build_sample_edition(folder: Path) -> Path:
    """Write the edition and the link to it, as a release leaves them; returns the link."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{EDITION_ID}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(TABLES.read_text(encoding="utf-8"))
    path.chmod(0o444)
    link = folder / "current.duckdb"
    link.symlink_to(path.name)
    return link
