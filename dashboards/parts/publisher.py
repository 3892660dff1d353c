"""What every page says while the publisher has stopped: nothing shown is wrong, but nothing new will come."""

import streamlit as st

from orchestration.settings import get_settings
from orchestration.watch import stopped_since


def tell_of_stopped_publisher() -> None:
    """A warning above the page; nothing while the publisher is at work."""
    since = stopped_since(get_settings())
    if since is not None:
        st.warning(
            f"定时发布自 {since:%Y-%m-%d %H:%M} 起没有响应:新的报送不再自动计入,页面仍显示原有版本。"
            "请管理员运行 guatu doctor。",
            icon=":material/sync_problem:",
        )
