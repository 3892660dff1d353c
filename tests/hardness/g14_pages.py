"""Pages of the real app run inside this process, for what happens to them as time goes by."""

import re

from orchestration.settings import PROJECT_ROOT

APP = PROJECT_ROOT / "dashboards" / "app.py"


def page_names() -> list[str]:
    """Every page of the navigation, as the entry file lists them."""
    return re.findall(r"app_pages/(\w+)\.py", APP.read_text(encoding="utf-8"))


def view(page: str) -> tuple[list[str], str | None]:
    """Runs a page of the real app: the warnings it shows, and what went wrong."""
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_file(str(APP), default_timeout=120)
    if page != "overview":
        app.switch_page(f"app_pages/{page}.py")
    app.run()
    errors = [error.value for error in (*app.exception, *app.error)]
    return [warning.value for warning in app.warning], f"{page}: {errors[0]}" if errors else None
