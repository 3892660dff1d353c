"""Opening the pages of a township as somebody, and reading what stands on them."""

import re
from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[2] / "dashboards" / "app.py"
GOLDEN = Path(__file__).parents[1] / "golden" / "files"
COUNTY, TOWN, OTHER_TOWN = "411521000000", "411521103000", "411521102000"
FIRST, SECOND, LAST = "411521103201", "411521103202", "411521103207"
PERIOD = "2018-07"


def opened(page: str, **parameters: str) -> AppTest:
    """A page as a link opens it, for whoever is signed in."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    for key, value in parameters.items():
        app.query_params[key] = value
    app.switch_page(f"app_pages/{page}.py")
    app.run()
    assert not app.exception, [error.stack_trace for error in app.exception]
    return app


def opened_as(sign_in_as: Callable[..., None], page: str, role: str, *divisions: str, **parameters: str) -> AppTest:
    """The page as somebody of this role and these divisions sees it."""
    sign_in_as(role, *divisions)
    return opened(page, **parameters)


def html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def text(app: AppTest) -> str:
    return re.sub(r"<[^>]+>", " ", html(app))


def rows(app: AppTest) -> list[list[str]]:
    """Cells of every table row on the page."""
    found = re.findall(r"<tr[^>]*>(.*?)</tr>", html(app), flags=re.S)
    return [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", row, flags=re.S)] for row in found]


def row(app: AppTest, first: str) -> list[str]:
    """The first row that begins so."""
    return next(cells for cells in rows(app) if cells and cells[0] == first)
