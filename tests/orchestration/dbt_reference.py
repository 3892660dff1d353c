"""The same build by dbt's own command, node by node: the reference that the compiled plan is held against."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.build import build_values
from orchestration.dbt_command import DATABASE_NAME, run_dbt
from orchestration.plan import PLACES, VARIABLES
from orchestration.settings import Settings

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult


def build_with_dbt(
    settings: Settings, period: str, as_of: datetime, folder: Path, selection: Sequence[str] = ()
) -> "dbtRunnerResult":
    """``dbt build`` of the whole project into ``folder/warehouse.duckdb``."""
    values = build_values(settings, period, period, as_of, f"{period}_0001")
    environment = {place: values[place] for place in PLACES}
    environment["GUATU_DATABASE"] = (folder / DATABASE_NAME).as_posix()
    variables = {name: values[name] for name in VARIABLES}
    return run_dbt(settings, "build", folder / "target", variables, environment, selection=selection)
