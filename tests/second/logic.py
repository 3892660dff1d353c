"""Three-valued answers: True, False, and None for what nobody reported."""

from collections.abc import Iterable

Known = bool | None


def every(answers: Iterable[Known]) -> Known:
    """One no is a no; else one unknown is an unknown."""
    found = list(answers)
    if False in found:
        return False
    return None if None in found else True


def some(answers: Iterable[Known]) -> Known:
    """One yes is a yes; else one unknown is an unknown."""
    found = list(answers)
    if True in found:
        return True
    return None if None in found else False


def word(answer: Known) -> str:
    """As the marts write it."""
    return "unknown" if answer is None else "pass" if answer else "fail"


def filled(text: str | None) -> bool:
    return text is not None and text.strip() != ""
