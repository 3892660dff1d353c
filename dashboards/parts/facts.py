"""A short list of facts about one thing, as a table of two columns."""

from collections.abc import Mapping
from html import escape


def fact_table(facts: Mapping[str, str]) -> str:
    """HTML; names and words are escaped."""
    rows = (f"<tr><td><b>{escape(name)}</b></td><td>{escape(words)}</td></tr>" for name, words in facts.items())
    return f'<table class="g-table">{"".join(rows)}</table>'
