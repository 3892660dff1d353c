"""What Dagster shows of the models: dagster-dbt's translation of the manifest, kept beside the plan.

Translating takes dbt's and dagster-dbt's imports, 2.5 s of CPU; a county's whole build takes 2. So it is done once,
when the project is compiled, and every run reads the result.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

ASSETS = "assets.json"
UNIQUE_ID = "dagster_dbt/unique_id"
COLUMNS = "dagster/column_schema"
TABLE = "dagster/table_name"


class ModelAsset(BaseModel):
    """One model. ``columns`` are (name, type, description)."""

    unique_id: str
    key: tuple[str, ...]
    parents: tuple[tuple[str, ...], ...]
    group: str | None
    description: str | None
    code_version: str | None
    table: str | None
    kinds: tuple[str, ...]
    columns: tuple[tuple[str, str, str | None], ...]


class ModelCheck(BaseModel):
    """One dbt test as a check of an asset; ``also_reads`` are the other models it reads."""

    unique_id: str
    name: str
    asset: tuple[str, ...]
    also_reads: tuple[tuple[str, ...], ...]
    description: str | None
    blocking: bool


class ModelAssets(BaseModel):
    """All models and their checks."""

    assets: tuple[ModelAsset, ...]
    checks: tuple[ModelCheck, ...]


def read_assets(plan: Path) -> ModelAssets:
    """The translation kept in a plan's folder."""
    return ModelAssets.model_validate_json((plan / ASSETS).read_bytes())


def translate(manifest: Mapping[str, Any]) -> ModelAssets:
    """The models and tests of a manifest as dagster-dbt shows them."""
    from dagster_dbt import DagsterDbtTranslator, dbt_assets

    class LayerTranslator(DagsterDbtTranslator):
        """Models are named as in dbt and grouped by layer (staging, intermediate, marts)."""

        def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
            return dbt_resource_props["fqn"][1] if len(dbt_resource_props["fqn"]) > 2 else None

    @dbt_assets(manifest=manifest, name="models", dagster_dbt_translator=LayerTranslator())
    def models() -> Iterator[Any]:
        yield from ()  # never run: only the translation is wanted

    return ModelAssets(
        assets=tuple(
            ModelAsset(
                unique_id=spec.metadata[UNIQUE_ID],
                key=tuple(spec.key.path),
                parents=tuple(tuple(parent.asset_key.path) for parent in spec.deps),
                group=spec.group_name,
                description=spec.description,
                code_version=spec.code_version,
                table=spec.metadata.get(TABLE),
                kinds=tuple(sorted(spec.kinds)),
                columns=tuple(
                    (c.name, c.type, c.description) for c in getattr(spec.metadata.get(COLUMNS), "columns", ())
                ),
            )
            for spec in models.specs
        ),
        checks=tuple(
            ModelCheck(
                unique_id=check.metadata[UNIQUE_ID],
                name=check.name,
                asset=tuple(check.asset_key.path),
                also_reads=tuple(tuple(parent.asset_key.path) for parent in check.additional_deps),
                description=check.description,
                blocking=check.blocking,
            )
            for check in models.check_specs
        ),
    )


def _columns(metadata: Mapping[str, Any]) -> Sequence[Any]:
    return metadata[COLUMNS].columns if COLUMNS in metadata else ()
