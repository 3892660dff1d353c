"""What a goal of the campaign is given, and what it hands back."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """How much of the campaign: ``share`` 1.0 is the figures asked for, the small form of CI uses less."""

    share: float
    seed: int

    def of(self, full: int, least: int = 1) -> int:
        """``full`` at this share, but never fewer than ``least``."""
        return max(least, round(full * self.share))


@dataclass(frozen=True)
class Outcome:
    """One line of counted figures, and what did not hold; the goal is reached where nothing failed."""

    figures: str
    failures: tuple[str, ...] = ()
