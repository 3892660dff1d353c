"""The floors a build is held against: reading every column, and the month in SQL written by hand.

The hand-written month counts only where its marts are the product's own, row for row.
"""

import calendar
import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from benchmarks.scales import Scale
from orchestration.settings import PROJECT_ROOT, Settings

LEFT_OUT = (
    "composite_incidence",
    "schedule_variance",
    "reporting_rate",
    "timeliness_rate",
    "rejected_row_rate",
    "task_rate",
)
"""Indicators the hand-written month leaves out."""
MARTS: dict[str, str] = {
    "fct_household": "true",
    "fct_indicator": f"indicator_code not in {LEFT_OUT}",
    "fct_village_exit": "true",
    "fct_fund": "true",
    "fct_ranking": "scheme like 'bench-%'",
    "fct_action": "scheme like 'bench-%'",
}
"""The marts the hand-written month makes, and which of the product's rows they are held against."""
FACILITIES = ("road", "drinking_water", "power", "culture_centre", "clinic", "broadband", "broadcast")
VERDICTS = {
    "income_ok": "income_ok",
    "food_ok": "food_secure",
    "clothing_ok": "clothing_secure",
    "education_ok": "education_ok",
    "medical_ok": "medical_ok",
    "housing_ok": "housing_ok",
    "water_ok": "water_safe",
    "exit_standard": "exit_ok",
    "industry_ok": "industry_ok",
}
FACILITY = (
    "struct_pack(item := '{0}', value := cast(case when {0} then 1 when not {0} then 0 end as decimal(38, 12)),"
    " threshold := cast(1 as decimal(38, 12)), ok := {0}), "
)
VERDICT = "case when {1} then 'pass' when not {1} then 'fail' else 'unknown' end as {0}, "


@dataclass(frozen=True)
class Difference:
    """A mart of which the hand-written month says something else than the product."""

    mart: str
    floor_rows: int
    product_rows: int


def scan(connection: duckdb.DuckDBPyConnection, settings: Settings, period: str) -> int:
    """Reads every column of every row of the month in the lake; how many rows."""
    rows = 0
    for folder in sorted(settings.lake.glob(f"[a-z]*/period={period}")):
        files = f"read_parquet('{folder}/*.parquet', hive_partitioning = false)"
        names = [name for name, *_ in connection.execute(f"describe select * from {files}").fetchall()]
        counted = ", ".join(f"count({name}), max({name})" for name in names)
        rows += connection.execute(f"select count(*), {counted} from {files}").fetchone()[0]
    return rows


def month_statements(settings: Settings, scale: Scale, period: str) -> list[str]:
    """The hand-written month for a home, statement by statement."""
    text = (PROJECT_ROOT / "benchmarks" / "floor" / "month.sql").read_text(encoding="utf-8")
    year, month = int(period[:4]), int(period[5:])
    last_day = date(year, month, calendar.monthrange(year, month)[1])
    indicators = [row for row in _indicators(settings.seeds) if row["indicator_code"] not in LEFT_OUT]
    absent = [row["indicator_code"] for row in indicators if "@year_ago" in row["needs"]]
    measured = [row for row in indicators if row["indicator_code"] not in absent]
    halves = ("numerator_measure", "denominator_measure")
    measures = sorted({row[half] for row in measured for half in halves if row[half]})
    sums = {"": "cast(null as bigint)"} | {name: f"{name}__c" for name in measures}
    wide = [
        f"{sums[row['numerator_measure']]} as n_{row['indicator_code']}, "
        f"{sums[row['denominator_measure']]} as d_{row['indicator_code']}"
        for row in measured
    ] + [f"{sums['']} as n_{code}, {sums['']} as d_{code}" for code in absent]
    codes = [row["indicator_code"] for row in measured] + absent
    filled = text.format(
        lake=settings.lake,
        catalogue=settings.work / "inputs" / "catalogue",
        period=period,
        year=year,
        month=month,
        first_day=last_day.replace(day=1),
        last_day=last_day,
        born_6=last_day.replace(year=year - 6),
        born_16=last_day.replace(year=year - 16),
        born_18=last_day.replace(year=year - 18),
        born_66=last_day.replace(year=year - 66),
        ranked=scale.ranked,
        root_digits=len(scale.root) or 2,
        verdicts="".join(VERDICT.format(name, of) for name, of in VERDICTS.items()),
        sums=", ".join(f"cast(sum({name}) * 100 as bigint) as {name}__c" for name in measures),
        wide=", ".join(wide),
        unpivoted=", ".join(f"(n_{code}, d_{code}) as '{code}'" for code in codes),
        ratios=", ".join(f"'{row['indicator_code']}'" for row in indicators if row["denominator_measure"]),
        of_villages=", ".join(f"'{row['indicator_code']}'" for row in indicators if "villages" in row["needs"]),
        absent=", ".join(f"'{code}'" for code in absent),
        facilities="".join(FACILITY.format(name) for name in FACILITIES),
    )
    return [statement for statement in filled.split(";\n") if statement.strip()]


def differences(floor: Path, product: Path) -> list[Difference]:
    """The marts in which the two databases differ, by the number of rows and the sum of the rows' hashes."""
    found = []
    with duckdb.connect() as connection:
        connection.execute(f"attach '{floor}' as floor (read_only)")
        connection.execute(f"attach '{product}' as product (read_only)")
        for mart, condition in MARTS.items():
            kinds = connection.execute(f"describe floor.main.{mart}").fetchall()
            own = {name: kind for name, kind, *_ in connection.execute(f"describe product.marts.{mart}").fetchall()}
            columns = ", ".join(f"cast({name} as {own[name]})" for name, *_ in kinds)
            query = "select count(*), sum(cast(hash({}) as hugeint)) from {} where {}"
            ours = connection.execute(query.format(columns, f"floor.main.{mart}", "true")).fetchone()
            theirs = connection.execute(query.format(columns, f"product.marts.{mart}", condition)).fetchone()
            if ours != theirs:
                found.append(Difference(mart, ours[0], theirs[0]))
    return found


def _indicators(seeds: Path) -> list[dict[str, str]]:
    with (seeds / "indicators" / "indicators.csv").open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))
