"""Assets of release: the published edition and its reports."""

from dagster import AssetExecutionContext, AssetKey, AssetsDefinition, MaterializeResult, MetadataValue, asset

from orchestration.build import clear_work, finished_build
from orchestration.defs.installation import RETRIES, Installation, failures_in_chinese
from orchestration.defs.partitions import month_by_month, months
from orchestration.kept_months import keep_state
from orchestration.release import list_editions, next_edition_id, publish

EDITION, REPORTS = AssetKey("edition"), AssetKey("reports")


def edition_assets(models: AssetsDefinition) -> list[AssetsDefinition]:
    """``edition``, downstream of every model nothing else reads, and ``reports``."""

    @asset(
        key=EDITION,
        deps=sorted(_leaves(models), key=str),
        partitions_def=months(),
        backfill_policy=month_by_month(),
        required_resource_keys={"installation"},
        retry_policy=RETRIES,
        group_name="release",
        description="发布:把通过全部检查的构建结果发布为不可更改的新版本",
    )
    def edition(context: AssetExecutionContext) -> MaterializeResult:
        installation: Installation = context.resources.installation
        settings = installation.settings
        installation.report("发布版本")
        with failures_in_chinese():
            edition_id = next_edition_id(settings, context.partition_key)
            database, period, as_of = finished_build(settings, edition_id)
            published = publish(settings, database, period, as_of, edition_id)
            keep_state(settings, database.parent, published)
            clear_work(settings)
        return MaterializeResult(
            metadata={
                "edition_id": published.edition_id,
                "as_of": published.as_of.isoformat(sep=" ", timespec="seconds"),
                "logical_hash": published.logical_hash,
                "tables": len(published.tables),
                "rows": sum(published.tables.values()),
            }
        )

    @asset(
        key=REPORTS,
        deps=[EDITION],
        partitions_def=months(),
        backfill_policy=month_by_month(),
        required_resource_keys={"installation"},
        retry_policy=RETRIES,
        group_name="release",
        description="通报:按发布的版本生成月度通报和附表",
    )
    def reports(context: AssetExecutionContext) -> MaterializeResult:
        from orchestration.records.reviews import provisional_in
        from orchestration.reports import make_reports

        installation: Installation = context.resources.installation
        settings, period = installation.settings, context.partition_key
        installation.report("生成通报和附表")
        with failures_in_chinese():
            newest = list_editions(settings, period)[-1]
            path = settings.published / f"{newest.edition_id}.duckdb"
            unapproved = provisional_in(settings, newest.edition_id, period)
            files = make_reports(path, period, settings.reports, is_provisional=unapproved)
        return MaterializeResult(
            metadata={
                "edition_id": newest.edition_id,
                "files": len(files),
                "folder": MetadataValue.path(settings.reports / period),
            }
        )

    return [edition, reports]


def _leaves(models: AssetsDefinition) -> set[AssetKey]:
    read = {key for deps in models.asset_deps.values() for key in deps}
    return set(models.keys) - read
