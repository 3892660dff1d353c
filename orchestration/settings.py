"""Settings: the only place that reads the environment (prefix ``GUATU_``)."""

import os
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import NonNegativeInt, PositiveInt, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from orchestration.errors import GuatuError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
TIMEZONE = ZoneInfo("Asia/Shanghai")
FEW_ROWS = 2_000_000
"""So many rows one thread builds as fast as two, with a quarter less CPU: two wait for each other at every model."""
AccessMode = Literal["accounts", "oidc", "open"]


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
    access: AccessMode = "accounts"
    """Who gets in: ``accounts`` (local), ``oidc`` (an identity provider), ``open`` (anyone, on this machine only)."""
    public_url: str | None = None
    """The address people use where a proxy stands in front, e.g. ``https://guatu.example``."""
    session_idle_minutes: PositiveInt = 60
    session_hours: PositiveInt = 12
    oidc_metadata_url: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_login_claim: str = "email"
    """The claim of an identity that is looked up among the accounts."""
    oidc_role_claim: str | None = None
    """The claim with the role of an identity that has no account here; where empty, such an identity is refused."""
    oidc_division_claim: str = "divisions"
    """The claim with the divisions of such an identity: 12-digit codes, a list or one text."""
    read_timeout_seconds: PositiveInt = 180
    read_memory_mb: PositiveInt = 4096
    max_file_mb: PositiveInt = 512
    build_memory_mb: PositiveInt = 4096
    """What a build may keep in memory before it goes to disk."""
    build_threads: PositiveInt | None = None
    """Threads of a build; if empty, one for few rows, else as many as there are cores. Each needs memory of its own."""
    keep_editions: PositiveInt = 60
    keep_receipts_years: PositiveInt | None = None
    """``guatu expire`` removes the annotated workbooks of submissions older than this; never, unless set."""
    keep_originals_years: PositiveInt | None = None
    """``guatu expire`` removes the originals of submissions older than this; never, unless set."""
    log_mb: PositiveInt = 10
    log_keep: NonNegativeInt = 5
    """A log of ``guatu serve`` is turned over at this size, and so many former ones are kept."""
    cache: Path | None = None
    """Where compiled models are kept; ``plans`` of the home where empty."""
    notify: SecretStr | None = None
    """Apprise addresses separated by spaces; nobody is told anything where empty."""
    shared_lake: SecretStr | None = None
    """The catalogue of the lake shared with others, e.g. ``postgres:host=… dbname=…``; nothing is shared if empty."""
    edition_grace_days: int = 3
    """A month's edition that is not there this many days after the due day is reported as missing."""

    @property
    def root(self) -> Path:
        return self.home.expanduser().resolve()

    def build_limits(self, rows: int) -> dict[str, str | int]:
        """What the engine may take of the machine to build or publish so many rows, as its options."""
        threads = self.build_threads or (1 if rows <= FEW_ROWS else None)
        return {"memory_limit": f"{self.build_memory_mb}MB"} | ({"threads": threads} if threads else {})

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
    def decisions(self) -> Path:
        """Journal of what people decided: steps on consequences, appeals, vetoes, grades."""
        return self.root / "decisions.jsonl"

    @property
    def reviews(self) -> Path:
        """Journal of a month's review: checked, approved, locked, unlocked, and why a locked month was restated."""
        return self.root / "reviews.jsonl"

    @property
    def deliveries(self) -> Path:
        """Journal of reports handed to their recipients; it exists once something was recorded."""
        return self.root / "deliveries.jsonl"

    @property
    def rhythm(self) -> Path:
        """Journal of what the rhythm has done; it exists once the rhythm has begun."""
        return self.root / "rhythm.jsonl"

    @property
    def erasures(self) -> Path:
        """Journal of erasures on request: which originals were replaced by what, never whom they were about."""
        return self.root / "erasures.jsonl"

    @property
    def journals(self) -> dict[str, Path]:
        """Every journal by what it records; one that speaks of another stands before it, and all before the ledger."""
        return {
            "操作": self.audit,
            "办理": self.rhythm,
            "送达": self.deliveries,
            "删除": self.erasures,
            "审核": self.reviews,
            "决定": self.decisions,
        }

    @property
    def gathered(self) -> Path:
        """Which shared lake this directory's submissions were gathered from; only where they were."""
        return self.root / "gathered.json"

    @property
    def published(self) -> Path:
        return self.root / "published"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def access_folder(self) -> Path:
        """Accounts, signed-in sessions and the installation's secrets; for the service's own user only."""
        return self.root / "access"

    @property
    def workbench(self) -> Path:
        """Queries people saved, and the history of those they ran."""
        return self.root / "workbench"

    @property
    def audit(self) -> Path:
        """Journal of sign-ins, views of personal data, exports, queries and decisions."""
        return self.root / "audit.jsonl"

    @property
    def logs(self) -> Path:
        """What the dashboards and Dagster print while served; turned over by size."""
        return self.root / "logs"

    @property
    def work(self) -> Path:
        """Scratch of builds; may be deleted at any time nothing runs."""
        return self.root / "work"

    @property
    def plans(self) -> Path:
        """Compiled projects and catalogues by their content; they hold no data, so installations may share them."""
        return self.cache.expanduser().resolve() if self.cache else self.root / "plans"

    @property
    def installed_plans(self) -> Path:
        """What ``make install`` compiled of the product as it came; read only."""
        return PROJECT_ROOT / ".plans"

    @property
    def dagster_home(self) -> Path:
        return self.root / "dagster"


def get_settings(home: Path | None = None) -> Settings:
    """Settings from the environment, with ``--home`` taking precedence.

    Raises GuatuError ``bad_setting`` naming the variables that cannot be read.
    """
    try:
        return _read(home, tuple(sorted(pair for pair in os.environ.items() if pair[0].upper().startswith("GUATU_"))))
    except ValidationError as error:
        names = "、".join(f"GUATU_{'_'.join(map(str, problem['loc'])).upper()}" for problem in error.errors())
        raise GuatuError(
            "bad_setting",
            f"环境变量 {names} 的值不能识别,请改正或删去(默认值见运维手册)",
            f"cannot read the value of {names}",
            exit_code=2,
        ) from error


@lru_cache(maxsize=64)
def _read(home: Path | None, environment: tuple[tuple[str, str], ...]) -> Settings:
    """Reading costs 2 ms, and a page asks some fifty times; ``environment`` is what it depends on."""
    return Settings(home=home) if home is not None else Settings()


def is_loopback(host: str) -> bool:
    """Whether an address to listen on is this machine's own and no other's."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def now() -> datetime:
    """The present in Asia/Shanghai as a naive timestamp: every stored time is local to that zone."""
    return datetime.now(TIMEZONE).replace(tzinfo=None)
