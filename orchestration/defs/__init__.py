"""What Dagster sees: assets, checks, jobs, schedules, sensors. All work is done by the libraries."""

import warnings
from collections.abc import Callable

from dagster import BetaWarning, Definitions, PreviewWarning, in_process_executor

from orchestration.defs.automation import automation
from orchestration.defs.editions import edition_assets
from orchestration.defs.installation import installation_resource
from orchestration.defs.intake import intake_assets
from orchestration.defs.models import model_assets
from orchestration.defs.rhythm import (
    failure_sensor,
    freshness_check,
    freshness_job,
    rhythm_job,
    rhythm_schedules,
)
from orchestration.settings import Settings


def build_definitions(settings: Settings, report: Callable[[str], None] | None = None) -> Definitions:
    """All definitions of one installation; ``report`` is told in Chinese what a run is doing."""
    for category in (BetaWarning, PreviewWarning):  # the versions are pinned; nobody here can act on these
        warnings.filterwarnings("ignore", category=category)
    models = model_assets(settings)
    month, monthly, sensors = automation(settings)
    rhythm, freshness = rhythm_job(settings), freshness_job()
    return Definitions(
        assets=[*intake_assets(settings), models, *edition_assets(models)],
        asset_checks=[freshness_check(settings)],
        jobs=[month, rhythm, freshness],
        schedules=[monthly, *rhythm_schedules(rhythm, freshness)],
        sensors=[*sensors, failure_sensor(settings)],
        resources={"installation": installation_resource(settings, report)},
        executor=in_process_executor,
    )
