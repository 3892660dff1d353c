"""YAML read by libyaml: eight times as fast as by Python, and every command reads the catalogue."""

from typing import Any

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> Any:
    """Plain values only. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=LOADER)
