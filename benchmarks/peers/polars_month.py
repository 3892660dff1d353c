"""The peers' work in Polars, lazily and streaming."""

import json
import sys
from datetime import date

import polars as pl
from statements import LAST_DAY, VILLAGES, cpu

YEAR = LAST_DAY[0]
ITEMS = ("income", "food", "clothing", "education", "medical", "housing", "water")
POINT_ZERO_ONE = pl.lit("0.01").cast(pl.Decimal(3, 2))


def members(lake: str, period: str) -> pl.LazyFrame:
    """One row per household with persons: how many of them are what."""
    born = pl.col("birth_date")
    labour = pl.when(born > date(YEAR - 16, 6, 30)).then(False).otherwise(
        pl.col("labour").is_in(["ordinary", "skilled", "partial"])
    )  # fmt: skip
    school_age = (born > date(YEAR - 16, 6, 30)) & (born <= date(YEAR - 6, 6, 30))
    loan_age = (born <= date(YEAR - 18, 6, 30)) & (born > date(YEAR - 66, 6, 30))
    employed = (pl.col("work_place") != "not_working").fill_null(False) | pl.col("public_job").fill_null(False)
    return (
        pl.scan_parquet(f"{lake}/persons/period={period}/*.parquet", hive_partitioning=False)
        .with_columns(is_labour=labour, school_age=school_age, loan_age=loan_age, employed=employed)
        .group_by("household_id")
        .agg(
            labour_n=pl.col("is_labour").sum(),
            labour_unknown=pl.col("is_labour").null_count(),
            loan_n=(pl.col("is_labour") & pl.col("loan_age")).sum(),
            loan_unknown=(pl.col("is_labour").is_null() & pl.col("loan_age")).sum(),
            uninsured=(~pl.col("medical_insured")).sum(),
            insured_unknown=pl.col("medical_insured").null_count(),
            dropped=(pl.col("school_age") & (pl.col("schooling") == "dropped_out")).sum(),
            schooling_unknown=(pl.col("school_age") & pl.col("schooling").is_null()).sum(),
            employed_n=pl.col("employed").sum(),
        )
    )


def any_of(hits: str, unknown: str, found: bool) -> pl.Expr:
    """``found`` where there is any hit, unknown where there might be one, else its contrary; NULL without persons."""
    known = pl.when(pl.col(hits) > 0).then(found).when(pl.col(unknown) > 0).then(None).otherwise(not found)
    return pl.when(pl.col(hits).is_not_null()).then(known)


def households(lake: str, period: str, lines: pl.LazyFrame) -> pl.LazyFrame:
    """One row per household with the derived terms, three-valued."""
    column = pl.col
    income = sum((column(f"{kind}_income") for kind in ("business", "property", "transfer")), column("wage_income"))
    net = (income - column("business_expense")).alias("net_income")
    cents = (column("net_income").cast(pl.Decimal(18, 2)) * 100).cast(pl.Int64)
    rounded = (2 * cents.abs() + column("member_count")) // (2 * column("member_count")) * cents.sign()
    poor = column("household_type").is_in(["poor", "exited", "exited_unstable"])
    others = column("household_type").is_in(["sudden_hardship", "general", "marginal"])
    watched = column("household_type").is_in(["exited_unstable", "marginal", "sudden_hardship"])
    per = {"orchard_mu": 2, "pigs": 3}
    least = {"sows": 2, "chickens": 200, "greenhouses": 1, "arch_sheds": 2}
    industry = [column(name).cast(pl.Float64) >= k * column("member_count") for name, k in per.items()]
    industry += [column(name) >= k for name, k in least.items()]
    ids = pl.scan_parquet(f"{lake}/households/period={period}/*.parquet", hive_partitioning=False)
    return (
        ids.with_columns(net)
        .with_columns(net_income_per_capita=(rounded.cast(pl.Decimal(18, 0)) * POINT_ZERO_ONE).cast(pl.Decimal(23, 2)))
        .join(lines, on="village_code", how="left")
        .join(members(lake, period), on="household_id", how="left")
        .with_columns(
            registered=poor | (others & column("identified_year").is_not_null() & column("exit_year").is_not_null()),
            monitored=watched
            & (column("monitored_on") <= date(*LAST_DAY)).fill_null(False)
            & ~(column("risk_cleared_on") <= date(*LAST_DAY)).fill_null(False),
            has_labour=any_of("labour_n", "labour_unknown", True),
            has_loan_age=any_of("loan_n", "loan_unknown", True),
            income=column("net_income_per_capita") >= column("income_line").cast(pl.Decimal(23, 2)),
            food=column("food_secure"),
            clothing=column("clothing_secure"),
            education=any_of("dropped", "schooling_unknown", False),
            medical=any_of("uninsured", "insured_unknown", False),
            housing=pl.when(column("housing_repair") == "finished")
            .then(True)
            .when(column("housing_grade").is_in(["A", "B"]))
            .then(True)
            .when(column("housing_grade").is_in(["C", "D"]))
            .then(False),
            water=column("water_safe"),
            industry=pl.any_horizontal(industry),
        )
        .with_columns(
            exit=pl.all_horizontal(ITEMS),
            loan_eligible=(column("registered") | (column("household_type") == "marginal"))
            & column("credit_rated")
            & column("has_loan_age"),
        )
    )


def main(lake: str, period: str, folder: str) -> None:
    before = cpu()
    judged = households(lake, period, pl.scan_parquet(f"{folder}/lines.parquet")).collect(engine="streaming")
    verdicts = {f"{item}_ok": item for item in ITEMS} | {"exit_standard": "exit", "industry_ok": "industry"}
    judged.select(
        *("period", "household_id", "village_code", "household_type", "member_count", "registered", "monitored"),
        *("has_labour", "net_income_per_capita"),
        *(
            pl.when(pl.col(of)).then(pl.lit("pass")).when(~pl.col(of)).then(pl.lit("fail"))
            .otherwise(pl.lit("unknown")).alias(name) for name, of in verdicts.items()
        ),
        "loan_eligible",
    ).write_parquet(f"{folder}/fct_household.parquet")  # fmt: skip
    registered, supported = pl.col("registered"), pl.col("registered") | pl.col("monitored")
    size, kind = pl.col("member_count"), pl.col("household_type")
    sums = (
        size.filter(kind == "poor").sum(), size.filter(kind.is_in(["exited", "exited_unstable"])).sum(),
        pl.col("net_income").filter(registered).sum(), registered.sum(),
        pl.col("monitored").sum(), (registered & pl.col("exit")).sum(),
        (registered & pl.col("exit").is_not_null()).sum(), (registered & pl.col("has_labour")).sum(),
        (registered & pl.col("has_labour") & (pl.col("employed_n") > 0)).sum(),
        (supported & pl.col("housing")).sum(), (registered & pl.col("has_labour") & pl.col("industry")).sum(),
    )  # fmt: skip
    named = [total.alias(name) for total, name in zip(sums, VILLAGES, strict=True)]
    by_village = judged.group_by(division_code="village_code").agg(named)
    by_village.write_parquet(f"{folder}/villages.parquet")
    print(json.dumps({"cpu": cpu() - before}))


if __name__ == "__main__":
    main(*sys.argv[1:])
