"""One small county round: its files, how it is built and published, and how a copy of it is altered."""

from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.build import build
from orchestration.records.model import Signature
from orchestration.release import Edition, find_edition, publish
from orchestration.release.editions import database_path
from orchestration.settings import Settings

FILES = Path(__file__).parents[1] / "golden" / "files"
PERIOD = "2018-07"
AS_OF = datetime(2018, 8, 31)

BIYANG = {
    "行政区划表_411700000000_2018-06.csv": """区划代码,区划名称,级别,上级代码,村属性
411700000000,驻马店市,市,410000000000,
411726000000,泌阳县,县,411700000000,
411726101000,示例乡,乡,411726000000,
411726101201,示例甲村,村,411726101000,贫困村
""",
    "包村单位表_411726000000_2018-07.csv": """行政村代码,包村单位
411726101201,示例局
""",
}
"""A county whose scheme has grades and a veto, and one of its support units."""


def publish_edition(settings: Settings, period: str, as_of: datetime, sequence: int) -> Edition:
    """Builds with every check and publishes, without reports."""
    result = build(settings, period, as_of, f"{period}_{sequence:04d}")
    assert result.ok, result.summary
    return publish(settings, result.database, period, as_of, result.edition_id)


def signed(day: int, reason: str = "现场复核", person: str = "周明", hour: int = 9) -> Signature:
    """A signature on a day of September 2018, after the edition."""
    return Signature.of(person, reason, datetime(2018, 9, day, hour))


def change_edition(settings: Settings, statement: str) -> None:
    """Alters a copy of the edition, as another round or scheme would have left it."""
    path = database_path(settings, find_edition(settings).edition_id)
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute(statement)
