"""The peers' work in Spark, two threads in one process."""

import json
import os
import sys
from pathlib import Path

from pyspark.sql import SparkSession
from statements import cpu, statements

TICKS = os.sysconf("SC_CLK_TCK")


def engine_cpu(spark: SparkSession) -> float:
    """CPU seconds of this process and of the Java process that works for it."""
    text = Path(f"/proc/{spark.sparkContext._gateway.proc.pid}/stat").read_text(encoding="utf-8")
    fields = text.rsplit(")", 1)[1].split()
    return cpu() + (int(fields[11]) + int(fields[12])) / TICKS


def main(lake: str, period: str, folder: str) -> None:
    builder = SparkSession.builder.master("local[2]").config("spark.sql.shuffle.partitions", "8")
    builder = builder.config("spark.driver.memory", "4g").config("spark.ui.enabled", "false")
    spark = builder.config("spark.sql.parquet.compression.codec", "zstd").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    before = engine_cpu(spark)
    for name in ("persons", "households"):
        spark.read.parquet(f"{lake}/{name}/period={period}").createOrReplaceTempView(name)
    spark.read.parquet(f"{folder}/lines.parquet").createOrReplaceTempView("lines")
    queries = statements(
        "date '{}'", persons="persons", households="households", lines="lines", members="members", judged="judged"
    )
    spark.sql(queries["members"]).createOrReplaceTempView("members")
    spark.sql(queries["judged"]).cache().createOrReplaceTempView("judged")
    for name in ("fct_household", "villages"):
        spark.sql(queries[name]).write.mode("overwrite").parquet(f"{folder}/{name}.parquet")
    print(json.dumps({"cpu": engine_cpu(spark) - before}))
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
