"""The entry point of Dagster: ``dagster dev -m orchestration.definitions``."""

from dagster import Definitions, definitions


@definitions
def defs() -> Definitions:
    """The definitions of the installation that ``GUATU_HOME`` names."""
    from orchestration.defs import build_definitions
    from orchestration.settings import get_settings

    return build_definitions(get_settings())
