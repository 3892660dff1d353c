"""Settings: the only place that reads the environment (prefix ``GUATU_``)."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from orchestration.errors import GuatuError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
TIMEZONE = ZoneInfo("Asia/Shanghai")


class Settings(BaseSettings):
    """Where an installation keeps its files, and the few knobs an office may turn."""

    model_config = SettingsConfigDict(env_prefix="GUATU_", extra="ignore")

    home: Path = Path("var")
    seeds: Path = PROJECT_ROOT / "seeds"
    dbt_project: Path = PROJECT_ROOT / "dbt_project"
    due_day: int = 5
    """Monthly submissions are due on this day of the following month."""
    dashboard_port: int = 8501
    dagster_port: int = 3000
    host: str = "127.0.0.1"
    read_timeout_seconds: int = 180
    read_memory_mb: int = 4096
    max_file_mb: int = 512
    keep_editions: int = 60

    @property
    def root(self) -> Path:
        return self.home.expanduser().resolve()

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def receipts(self) -> Path:
        return self.root / "receipts"

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def ledger(self) -> Path:
        """Append-only JSON lines, one per submission: a line is the commit of its submission."""
        return self.root / "ledger.jsonl"

    @property
    def published(self) -> Path:
        return self.root / "published"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def work(self) -> Path:
        """Scratch of builds; may be deleted at any time nothing runs."""
        return self.root / "work"

    @property
    def dagster_home(self) -> Path:
        return self.root / "dagster"


def get_settings(home: Path | None = None) -> Settings:
    """Settings from the environment, with ``--home`` taking precedence.

    Raises GuatuError ``bad_setting`` naming the variables that cannot be read.
    """
    try:
        return Settings(home=home) if home is not None else Settings()
    except ValidationError as error:
        names = "、".join(f"GUATU_{'_'.join(map(str, problem['loc'])).upper()}" for problem in error.errors())
        raise GuatuError(
            "bad_setting",
            f"环境变量 {names} 的值不能识别,请改正或删去(默认值见运维手册)",
            f"cannot read the value of {names}",
            exit_code=2,
        ) from error


def now() -> datetime:
    """The present in Asia/Shanghai as a naive timestamp: every stored time is local to that zone."""
    return datetime.now(TIMEZONE).replace(tzinfo=None)
