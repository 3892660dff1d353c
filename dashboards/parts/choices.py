"""Choices of several at once, and of words to search for, kept in the URL like every other choice."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboards.parts.frame import SHOWN


def choose_many(
    label: str, key: str, options: Sequence[str], wording: Callable[[str], str], default: Sequence[str], most: int
) -> list[str]:
    """A multiselect whose values live in the URL, joined by commas. Values not offered here are left out; with none
    left the default is taken. ``most`` is how many may be chosen."""
    widget, kept = f"pick_{key}", f"kept_{key}"
    asked = (st.query_params.get(key) or st.session_state.get(kept) or "").split(",")
    offered = set(options)
    values = [value for value in dict.fromkeys(asked) if value in offered][:most]
    st.session_state[widget] = values or list(default)[:most]

    def remember() -> None:
        st.query_params[key] = st.session_state[kept] = ",".join(st.session_state[widget])

    picked = st.multiselect(
        label,
        options,
        format_func=wording,
        key=widget,
        on_change=remember,
        max_selections=most,
        placeholder="输入名称查找",
    )
    st.session_state[SHOWN][key] = ",".join(picked)
    return picked


def search_words(label: str, key: str, hint: str) -> str:
    """A text field whose words live in the URL."""
    widget = f"pick_{key}"
    st.session_state[widget] = st.query_params.get(key, "")

    def remember() -> None:
        st.query_params[key] = st.session_state[widget]

    words = st.text_input(label, key=widget, placeholder=hint, on_change=remember).strip()
    if words:
        st.session_state[SHOWN][key] = words
    return words
