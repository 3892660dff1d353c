"""Explaining a rank (名次解释): why, how far to the next place, and the smallest moves. Reads one published edition."""

from orchestration.explain.explain import explain
from orchestration.explain.model import Explanation

__all__ = ["Explanation", "explain"]
