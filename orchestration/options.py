"""What the commands of ``guatu`` share: the data directory, the period, and the settings they lead to."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from orchestration.settings import Settings

HOME_HELP = "数据目录;默认取环境变量 GUATU_HOME,再默认为 ./var"
Home = Annotated[Path | None, typer.Option("--home", help=HOME_HELP, show_default=False)]
Period = Annotated[str, typer.Option("--period", help="期别,YYYY-MM", show_default=False)]


def settings_of(home: Path | None) -> "Settings":
    """The settings, read when a command runs so that ``--help`` is quick."""
    from orchestration.settings import get_settings

    return get_settings(home)
