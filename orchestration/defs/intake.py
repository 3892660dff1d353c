"""Assets of intake: the submissions, and what each template has in the lake."""

from collections import Counter
from collections.abc import Iterator

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    MaterializeResult,
    asset,
    multi_asset,
)

from orchestration.catalogue.templates import load_templates
from orchestration.defs.installation import Installation, failures_in_chinese
from orchestration.defs.partitions import month_by_month, months
from orchestration.settings import Settings

SUBMISSIONS = AssetKey("submissions")


def intake_assets(settings: Settings) -> list[AssetsDefinition]:
    """``submissions``, and one asset ``raw/<template>`` for each source the models read."""
    templates = load_templates(settings.seeds)

    @asset(
        key=SUBMISSIONS,
        partitions_def=months(),
        backfill_policy=month_by_month(),
        required_resource_keys={"installation"},
        group_name="intake",
        description="收件:把 inbox 中的报送文件逐一接收、校验、入湖,并出具回执",
    )
    def submissions(context: AssetExecutionContext) -> MaterializeResult:
        from orchestration.intake import ingest_inbox

        installation: Installation = context.resources.installation
        installation.report("接收收件箱文件")
        with failures_in_chinese():
            taken = ingest_inbox(installation.settings)
        results = [result.submission for result in taken]
        outcomes = Counter(result.outcome for result in results)
        return MaterializeResult(
            metadata={
                "files": len(results),
                "rows_read": sum(result.rows_read for result in results),
                "rows_accepted": sum(result.rows_accepted for result in results),
                "rows_rejected": sum(result.rows_rejected for result in results),
                **{f"outcome_{name}": count for name, count in sorted(outcomes.items())},
            }
        )

    @multi_asset(
        name="raw",
        specs=[
            AssetSpec(AssetKey(["raw", template.name]), deps=[SUBMISSIONS], description=template.title)
            for template in templates.values()
        ],
        partitions_def=months(),
        backfill_policy=month_by_month(),
        required_resource_keys={"installation"},
        group_name="intake",
        can_subset=True,
    )
    def raw(context: AssetExecutionContext) -> Iterator[MaterializeResult]:
        from orchestration.intake import read_ledger

        installation: Installation = context.resources.installation
        with failures_in_chinese():
            ledger = read_ledger(installation.settings)
        kept = [line for line in ledger if line.outcome in ("accepted", "partial")]
        for key in sorted(context.selected_asset_keys, key=str):
            own = [line for line in kept if line.template == key.path[-1]]
            month = [line for line in own if line.period == context.partition_key]
            yield MaterializeResult(
                asset_key=key,
                metadata={
                    "submissions": len(own),
                    "submissions_of_month": len(month),
                    "rows_of_month": sum(line.rows_accepted for line in month),
                },
            )

    return [submissions, raw]
