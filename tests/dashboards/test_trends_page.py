"""趋势: any indicator, units and months; bands drawn in; a code that changed is bridged, one that was split is not."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from analyst_edition import write_analyst_sample
from test_pages import cells, page_html

from dashboards.charts.trends import scale, trend_chart

BIJIE, QIANXI, DAFANG = "520500000000", "520581000000", "520521000000"


@pytest.fixture
def edition(home):
    write_analyst_sample(home / "published")


def open_trend(open_page, units: str, **more: str):
    link = {
        "indicator": "linkage_expenditure_rate",
        "division": BIJIE,
        "units": units,
        "from": "2022-01",
        "to": "2022-06",
    }
    return open_page("trends", **{**link, **more})


def test_a_link_opens_the_same_view(open_page, edition):
    app = open_trend(open_page, "520502000000,520523000000")
    assert not app.error
    assert app.multiselect[0].value == ["520502000000", "520523000000"]
    assert "2022年1月至2022年6月" in app.subheader[0].value
    assert cells(app, "七星关区")[:4] == ["七星关区", "2022-06", "▲ 暂定", "63.51%"]


def test_without_units_the_scope_and_its_first_units_are_shown(open_page, edition):
    app = open_page("trends", indicator="linkage_expenditure_rate", division=BIJIE)
    assert app.multiselect[0].value[0] == BIJIE
    assert 1 < len(app.multiselect[0].value) <= 4


def test_months_before_the_change_come_from_the_former_code(open_page, edition):
    app = open_trend(open_page, QIANXI)
    html = page_html(app)
    assert "区划变更前的月份按原区划接续" in html
    rows = [row for row in html.split("<tr") if "黔西市" in row]
    assert any("2022-01" in row and "10.00%" in row and "变更前区划" in row for row in rows)
    assert any("2022-06" in row and "未报送" in row for row in rows)


def test_a_code_that_became_several_is_nobodys_history(open_page, edition):
    html = page_html(open_trend(open_page, DAFANG, **{"from": "2022-01"}))
    assert "90.00%" not in html


def test_a_unit_without_values_says_so(open_page, edition):
    app = open_trend(open_page, QIANXI, **{"from": "2022-04"})
    assert any("没有值" in info.value for info in app.info)


def test_the_schemes_demands_can_be_chosen(open_page, edition):
    app = open_trend(open_page, "520502000000")
    box = next(box for box in app.selectbox if box.label == "画出方案要求")
    assert "不画" in box.options
    box.select("none").run()
    assert not app.error


def values(*rows: tuple[str, str, str | None, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "division_code": code, "name": code, "period": period, "state": state, "is_former": False,
                "value": None if value is None else Decimal(value), "coverage": Decimal("0.5"),
            }
            for code, period, value, state in rows
        ]
    )  # fmt: skip


NO_BANDS = pl.DataFrame(
    schema={"kind": pl.String, "scheme_title": pl.String, "title": pl.String, "element": pl.String, "period": pl.String,
            "floor": pl.Decimal(28, 10), "target_value": pl.Decimal(28, 10), "stretch": pl.Decimal(28, 10),
            "operator": pl.String}
)  # fmt: skip
MONTHS = ["2022-01", "2022-02", "2022-03"]


def test_a_missing_month_is_a_gap_and_never_nought():
    figure = trend_chart(
        values(("A", "2022-01", "0.1", "value"), ("A", "2022-03", None, "missing")), NO_BANDS, MONTHS, "%", {}
    )
    line = figure.data[0]
    assert list(line.y) == [10.0, None, None]
    assert line.connectgaps is False


def test_partial_months_are_hollow():
    figure = trend_chart(
        values(("A", "2022-01", "0.1", "value"), ("A", "2022-02", "0.2", "partial")), NO_BANDS, MONTHS, "%", {}
    )
    symbols = figure.data[0].marker.symbol
    assert symbols[0] == "circle" and symbols[1] == "circle-open"
    assert "仅覆盖 50.0% 的村" in figure.data[0].text[1]


def test_lines_differ_in_more_than_colour():
    rows = [(code, "2022-01", "0.1", "value") for code in "ABCDEFGH"]
    figure = trend_chart(values(*rows), NO_BANDS, MONTHS, "%", {})
    looks = {(line.line.dash, line.marker.symbol[0]) for line in figure.data}
    assert len(looks) == 8


def test_bands_and_the_change_of_code_are_drawn():
    bands = NO_BANDS.vstack(
        pl.DataFrame(
            [("target", "某方案", "目标甲", "t", "2022-02", Decimal("0.3"), Decimal("0.5"), None, ">="),
             ("milestone", "某方案", "节点乙", "m", "2022-03", None, Decimal("0.6"), None, ">=")],
            schema=NO_BANDS.schema, orient="row",
        )
    )  # fmt: skip
    figure = trend_chart(values(("A", "2022-01", "0.4", "value")), bands, MONTHS, "%", {"甲县": date(2022, 2, 1)})
    drawn = {trace.name: trace for trace in figure.data}
    assert list(drawn["目标甲·目标"].y) == [None, 50.0, None]
    assert list(drawn["目标甲·底线"].y) == [None, 30.0, None]
    assert "目标甲·争取" not in drawn
    assert list(drawn["节点要求"].y) == [60.0]
    assert any("甲县区划变更" in note.text for note in figure.layout.annotations)
    assert len([shape for shape in figure.layout.shapes if shape.type == "rect"]) == 2


def test_money_is_drawn_in_ten_thousands():
    assert scale("元") == (Decimal("0.0001"), "万元")
    assert scale("%") == (Decimal(100), "%")
    assert scale("户") == (Decimal(1), "户")
