"""The peers' work in ClickHouse's engine, in this process."""

import json
import sys
from tempfile import TemporaryDirectory

from chdb.session import Session
from statements import cpu, statements

SETTINGS = "set max_threads = 2, join_use_nulls = 1, cast_keep_nullable = 1, schema_inference_make_columns_nullable = 1"


def main(lake: str, period: str, folder: str) -> None:
    with TemporaryDirectory() as scratch:
        session = Session(scratch)
        session.query(SETTINGS)
        before = cpu()
        queries = statements(
            "toDate32('{}')",
            persons=f"file('{lake}/persons/period={period}/*.parquet', Parquet)",
            households=f"file('{lake}/households/period={period}/*.parquet', Parquet)",
            lines=f"file('{folder}/lines.parquet', Parquet)",
            members="work.members",
            judged="work.judged",
        )
        session.query("create database work engine = Atomic")
        for name in ("members", "judged"):
            session.query(f"create table work.{name} engine = MergeTree order by tuple() as {queries[name]}")
        for name in ("fct_household", "villages"):
            session.query(
                f"insert into function file('{folder}/{name}.parquet', Parquet) {queries[name]}"
                " settings engine_file_truncate_on_insert = 1"
            )
        print(json.dumps({"cpu": cpu() - before}))


if __name__ == "__main__":
    main(*sys.argv[1:])
