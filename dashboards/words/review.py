"""States of a month's review as people see them."""

from dashboards.words.common import Badge
from orchestration.records.review_steps import STATE_TITLES
from orchestration.records.reviews import ReviewStatus

_LOOKS = {
    "waiting": ("○", "idle"),
    "submitted": ("△", "info"),
    "checked": ("▲", "warn"),
    "approved": ("✔", "good"),
    "locked": ("★", "good"),
    "restated": ("▲", "warn"),
    "unlock_requested": ("★", "warn"),
}
STATES = {state: Badge(symbol, STATE_TITLES[state], tone) for state, (symbol, tone) in _LOOKS.items()}
_STEPS = ("报齐", "乡镇审核", "县级核定", "锁定")
_DONE = {"waiting": 0, "submitted": 1, "checked": 2, "approved": 3, "restated": 3, "locked": 4, "unlock_requested": 4}


def stepper(status: ReviewStatus) -> str:
    """The four steps in a row with those done ticked, and whether the figures count."""
    done = _DONE[status.state]
    parts = [
        f'<span class="g-badge g-{"good" if place < done else "idle"}">{"✔" if place < done else "○"} {title}</span>'
        for place, title in enumerate(_STEPS)
    ]
    badge = STATES[status.state]
    counts = "数字已核定" if status.is_settled else "数字为暂定"
    return (
        f'<div class="g-total"><span>{" → ".join(parts)}</span>'
        f'<span class="g-badge g-{badge.tone}">{badge.symbol} {badge.label}</span><span>{counts}</span></div>'
    )
