"""The peers' work in DuckDB, with the peers' own statements: what the engine makes of the same task."""

import json
import sys

import duckdb
from statements import cpu, statements


def main(lake: str, period: str, folder: str) -> None:
    before = cpu()
    with duckdb.connect(config={"threads": 2, "preserve_insertion_order": False}) as connection:
        queries = statements(
            "date '{}'",
            persons=f"read_parquet('{lake}/persons/period={period}/*.parquet', hive_partitioning = false)",
            households=f"read_parquet('{lake}/households/period={period}/*.parquet', hive_partitioning = false)",
            lines=f"read_parquet('{folder}/lines.parquet')",
            members="members",
            judged="judged",
        )
        for name in ("members", "judged"):
            connection.execute(f"create temp table {name} as {queries[name]}")
        for name in ("fct_household", "villages"):
            connection.execute(f"copy ({queries[name]}) to '{folder}/{name}.parquet'")
    print(json.dumps({"cpu": cpu() - before}))


if __name__ == "__main__":
    main(*sys.argv[1:])
