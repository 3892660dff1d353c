"""Entry of the dashboards: navigation only. Run with ``streamlit run dashboards/app.py``."""

import logging
from pathlib import Path

import streamlit as st

from dashboards.parts.frame import complete_address
from dashboards.parts.publisher import tell_of_stopped_publisher
from dashboards.web import session, visitor_panel
from orchestration.errors import GuatuError

PAGES = {
    "领导": [
        st.Page("app_pages/overview.py", title="总览", icon=":material/dashboard:", url_path="overview", default=True),
        st.Page("app_pages/ranking.py", title="排名", icon=":material/leaderboard:", url_path="ranking"),
        st.Page("app_pages/actions.py", title="奖惩", icon=":material/gavel:", url_path="actions"),
        st.Page(
            "app_pages/warnings.py", title="下月预警", icon=":material/notification_important:", url_path="warnings"
        ),
    ],
    "乡镇": [
        st.Page("app_pages/unit.py", title="单位画像", icon=":material/location_city:", url_path="unit"),
        st.Page("app_pages/submit.py", title="报送", icon=":material/upload_file:", url_path="submit"),
        st.Page("app_pages/review.py", title="审核", icon=":material/approval:", url_path="review"),
    ],
    "业务": [
        st.Page("app_pages/funds.py", title="资金进度", icon=":material/payments:", url_path="funds"),
        st.Page("app_pages/projects.py", title="项目进度", icon=":material/construction:", url_path="projects"),
        st.Page("app_pages/monitoring.py", title="监测帮扶", icon=":material/family_restroom:", url_path="monitoring"),
        st.Page("app_pages/employment.py", title="就业信贷", icon=":material/work:", url_path="employment"),
        st.Page("app_pages/rectification.py", title="问题整改", icon=":material/task_alt:", url_path="rectification"),
        st.Page("app_pages/assets.py", title="帮扶资产", icon=":material/warehouse:", url_path="assets"),
        st.Page("app_pages/quality.py", title="数据质量", icon=":material/fact_check:", url_path="quality"),
    ],
    "分析": [
        st.Page("app_pages/trends.py", title="趋势", icon=":material/show_chart:", url_path="trends"),
        st.Page("app_pages/dictionary.py", title="指标字典", icon=":material/menu_book:", url_path="dictionary"),
        st.Page("app_pages/schemes.py", title="方案", icon=":material/rule:", url_path="schemes"),
        st.Page("app_pages/sql.py", title="查询", icon=":material/terminal:", url_path="sql"),
    ],
}

ASSETS = Path(__file__).parent / "assets"
ICON = str(ASSETS / "icon.svg")
st.set_page_config(page_title="挂图作战", page_icon=ICON, layout="wide", initial_sidebar_state="collapsed")
st.logo(str(ASSETS / "logo.svg"), size="large")

try:
    visitor = session.enter()
    pages = PAGES | ({"管理": own} if (own := visitor_panel.pages(visitor)) else {})
    page = st.navigation(pages, position="top" if visitor else "hidden", expanded=True)
    if visitor is None:
        visitor_panel.ask_to_sign_in()
    else:
        visitor_panel.show(visitor)
        visitor.grant.require("view")
        tell_of_stopped_publisher()
        page.run()
        complete_address()
except GuatuError as error:
    st.error(error.message_zh, icon=":material/error:")
    if error.code in ("no_account", "bad_claims"):
        visitor_panel.offer_another_identity()
except Exception:
    logging.getLogger("guatu.dashboards").exception("page failed")
    st.error("本页出错,已记入日志。请刷新重试;仍不行请运行 guatu doctor 并联系管理员。", icon=":material/error:")
