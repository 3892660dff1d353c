"""The catalogue: reads and checks ``seeds/`` and hands it on as objects and as tables."""

from orchestration.catalogue.export import export_tables
from orchestration.catalogue.indicators import load_indicators, load_reference
from orchestration.catalogue.schemes import load_schemes
from orchestration.catalogue.templates import load_codes, load_templates

__all__ = ["export_tables", "load_codes", "load_indicators", "load_reference", "load_schemes", "load_templates"]
