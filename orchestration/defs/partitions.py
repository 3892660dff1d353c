"""Months as Dagster partitions."""

from dagster import BackfillPolicy, MonthlyPartitionsDefinition

FIRST_MONTH = "2010-01"


def months() -> MonthlyPartitionsDefinition:
    """From before the oldest assessment scheme to the present month, which may be built while it runs."""
    return MonthlyPartitionsDefinition(start_date=FIRST_MONTH, fmt="%Y-%m", timezone="Asia/Shanghai", end_offset=1)


def month_by_month() -> BackfillPolicy:
    """A backfill runs one month after another: each publishes an edition of its own."""
    return BackfillPolicy.multi_run(max_partitions_per_run=1)
