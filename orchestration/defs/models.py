"""The dbt models as assets and the dbt tests as their checks, built in one go inside the process."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    Config,
    Failure,
    MaterializeResult,
    TableColumn,
    TableSchema,
    multi_asset,
)

from orchestration.build import BuildResult, NodeResult, build
from orchestration.clock import present
from orchestration.defs.installation import RETRIES, Installation, failures_in_chinese
from orchestration.defs.partitions import month_by_month, months
from orchestration.plan import prepare_plan
from orchestration.plan_assets import COLUMNS, TABLE, UNIQUE_ID, ModelAsset, ModelCheck, read_assets
from orchestration.release import list_editions, next_edition_id
from orchestration.settings import Settings


class MonthConfig(Config):
    """``as_of``: what was received by then counts (Asia/Shanghai, ISO 8601); the present where empty."""

    as_of: str | None = None


def model_assets(settings: Settings) -> AssetsDefinition:
    """One multi-asset over the whole project: an edition is built whole or not at all."""
    translated = read_assets(prepare_plan(settings))

    @multi_asset(
        name="models",
        specs=[_asset_spec(asset) for asset in translated.assets],
        check_specs=[_check_spec(check) for check in translated.checks],
        can_subset=True,
        partitions_def=months(),
        backfill_policy=month_by_month(),
        required_resource_keys={"installation"},
        retry_policy=RETRIES,
        allow_arbitrary_check_specs=True,
    )
    def models(context: AssetExecutionContext, config: MonthConfig) -> Iterator[MaterializeResult | AssetCheckResult]:
        installation: Installation = context.resources.installation
        period = context.partition_key
        installation.report(f"构建 {period}")
        with failures_in_chinese():
            as_of = datetime.fromisoformat(config.as_of) if config.as_of else present(installation.settings)
            result = build(
                installation.settings,
                period,
                as_of,
                next_edition_id(installation.settings, period),
                lambda done, total: installation.report(f"构建 {period}:{done}/{total}"),
                period if config.as_of else _newest_month(installation.settings, period),
            )
        yield from _events(context, result)
        if not result.ok:
            raise Failure(description=result.summary, allow_retries=False)

    return models


def _asset_spec(asset: ModelAsset) -> AssetSpec:
    columns = [TableColumn(name, kind, description) for name, kind, description in asset.columns]
    schema = {COLUMNS: TableSchema(columns)} if columns else {}
    return AssetSpec(
        AssetKey(asset.key),
        deps=[AssetKey(parent) for parent in asset.parents],
        group_name=asset.group,
        description=asset.description,
        code_version=asset.code_version,
        kinds=set(asset.kinds),
        metadata={UNIQUE_ID: asset.unique_id, TABLE: asset.table, **schema},
    )


def _check_spec(check: ModelCheck) -> AssetCheckSpec:
    return AssetCheckSpec(
        check.name,
        asset=AssetKey(check.asset),
        additional_deps=[AssetKey(parent) for parent in check.also_reads],
        description=check.description,
        blocking=check.blocking,
        metadata={UNIQUE_ID: check.unique_id},
    )


def _newest_month(settings: Settings, period: str) -> str:
    """The last month a new edition carries: rebuilding an old month must not take the later ones from those served."""
    return max([period, *(edition.period for edition in list_editions(settings))])


def _events(context: AssetExecutionContext, result: BuildResult) -> Iterator[MaterializeResult | AssetCheckResult]:
    """A materialisation for each model built, and a result for each check that ran, in the order of dbt."""
    keys = {spec.metadata[UNIQUE_ID]: spec.key for spec in context.assets_def.specs}
    checks = {(spec.metadata or {})[UNIQUE_ID]: spec for spec in context.assets_def.check_specs}
    selected_keys, selected_checks = context.selected_asset_keys, context.selected_asset_check_keys
    for node in result.nodes:
        key, check = keys.get(node.unique_id), checks.get(node.unique_id)
        if key in selected_keys and node.passed:
            yield MaterializeResult(asset_key=key, metadata=_metadata(node))
        if check is not None and check.key in selected_checks and node.status != "skipped":
            yield AssetCheckResult(
                asset_key=check.asset_key,
                check_name=check.name,
                passed=node.status == "pass",
                severity=AssetCheckSeverity.WARN if node.status == "warn" else AssetCheckSeverity.ERROR,
                metadata={**_metadata(node), "failures": node.failures or 0},
            )


def _metadata(node: NodeResult) -> dict[str, Any]:
    message = {"message": node.message} if node.message else {}
    return {"seconds": round(node.seconds, 3), **message}
