"""Intake: from a submitted file to rows in the lake, a receipt, and a line of the ledger.

Names are loaded when first used: the reading process imports this package too, and needs none of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orchestration.intake.ledger import Submission, read_ledger, verify_ledger
    from orchestration.intake.taking import Progress, SubmissionResult, ingest, ingest_inbox

_HOME = {
    "Progress": "taking",
    "Submission": "ledger",
    "SubmissionResult": "taking",
    "ingest": "taking",
    "ingest_inbox": "taking",
    "read_ledger": "ledger",
    "verify_ledger": "ledger",
}

__all__ = [
    "Progress",
    "Submission",
    "SubmissionResult",
    "ingest",
    "ingest_inbox",
    "read_ledger",
    "verify_ledger",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
