"""Entry of the dashboards: navigation only. Run with ``streamlit run dashboards/app.py``."""

import logging
from pathlib import Path

import streamlit as st

from dashboards.frame import complete_address
from orchestration.errors import GuatuError

PAGES = [
    st.Page("app_pages/overview.py", title="总览", icon=":material/dashboard:", url_path="overview", default=True),
    st.Page("app_pages/ranking.py", title="排名", icon=":material/leaderboard:", url_path="ranking"),
    st.Page("app_pages/actions.py", title="奖惩", icon=":material/gavel:", url_path="actions"),
    st.Page("app_pages/funds.py", title="资金进度", icon=":material/payments:", url_path="funds"),
]

ASSETS = Path(__file__).parent / "assets"
st.set_page_config(page_title="挂图作战", page_icon=str(ASSETS / "icon.svg"), layout="wide")
st.logo(str(ASSETS / "logo.svg"), size="large")

page = st.navigation(PAGES, position="top")
try:
    page.run()
    complete_address()
except GuatuError as error:
    st.error(error.message_zh, icon=":material/error:")
except Exception:
    logging.getLogger("guatu.dashboards").exception("page failed")
    st.error("本页出错,已记入日志。请刷新重试;仍不行请运行 guatu doctor 并联系管理员。", icon=":material/error:")
