"""Text that a spreadsheet would take for a formula, made inert wherever a file is handed out as CSV."""

import re

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A text that starts so becomes a formula when a CSV is opened; the wide forms do in an East Asian spreadsheet."""

_OUTWARD = re.compile(
    r"[\w.]+\|'?[^!]*!"  # another program (DDE)
    r"|\[[^\]]*\][^!\[\]]*!"  # another workbook
    r"|\b(WEBSERVICE|HYPERLINK|RTD|CALL|REGISTER(\.ID)?|EXEC|IMAGE|DDE)\s*\(",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?%?")


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet would read the text as a formula. A plain negative number is a number."""
    return text.startswith(DANGEROUS) and not _NUMBER.fullmatch(text)


def inert(text: str) -> str:
    """The text with an apostrophe before it where it would become a formula."""
    return f"'{text}" if is_dangerous(text) else text


def reaches_out(formula: str) -> bool:
    """Whether a formula starts a program, opens another file or asks the network."""
    return _OUTWARD.search(formula) is not None
