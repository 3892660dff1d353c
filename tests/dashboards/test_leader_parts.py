"""What the leaders' pages are made of: tiles, the map, movement, neighbours, sums."""

import re
from decimal import Decimal

import polars as pl
import pytest

from dashboards.charts.map import county_map, has_outlines
from dashboards.leaders.movement import between_editions, rank_moves
from dashboards.leaders.neighbours import around, history_chart
from dashboards.leaders.red_black import badges, money, sums_by_state
from dashboards.leaders.tiles import by_place, by_share, light_counts, short_name, tile_grid
from orchestration.catalogue.boundaries import load_outlines
from orchestration.catalogue.indicators import load_reference
from orchestration.settings import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "seeds"
COUNTS = {"checked": 1, "bad": 0, "warn": 0, "good": 0, "info": 0, "idle": 0, "red_titles": None}


def tile(code: str, name: str, light: str, **counts: object) -> dict[str, object]:
    parents = {"parent_code": code[:6].ljust(12, "0"), "parent_name": "甲县"}
    return {"division_code": code, "name": name, **parents, **COUNTS, light: 1, "light": light, **counts}


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("檀堂村", "檀堂"), ("灵山镇", "灵山"), ("威宁彝族回族苗族自治县", "威宁彝族…"), ("大村", "大村"),
        ("市西街道", "市西"), ("七星关区", "七星关区"),
    ],
)  # fmt: skip
def test_short_names_fit_a_tile_and_stay_recognisable(name, short):
    assert short_name(name) == short


def test_tiles_lead_to_their_unit_and_are_told_apart_without_colour():
    frame = pl.DataFrame(
        [
            tile("411521103001", "甲村", "bad", red_titles="住房安全"), tile("411521103002", "乙村", "good"),
            tile("411521103003", "丙村", "idle", checked=0, idle=0),
        ]
    )  # fmt: skip
    html = tile_grid(by_share(frame), {"411521103001": "unit?division=411521103001"}, "无")
    assert 'href="unit?division=411521103001"' in html
    assert [re.sub("<[^>]+>", "", b) for b in re.findall(r"<b>.*?</b>", html)] == ["✖ 甲村", "✔ 乙村", "· 丙村"]
    assert "甲村:未达标1;红灯:住房安全" in html
    assert "丙村:本月没有适用的节点、目标或名次" in html
    counts = re.sub("<[^>]+>", "", light_counts(frame))
    assert counts == "✔ 全部达标 1✖ 达标不过半 1· 本月没有适用的节点、目标或名次 1"


def test_groups_with_nothing_to_judge_stand_last():
    here = {"parent_code": "411521101000", "parent_name": "空镇"}
    frame = pl.DataFrame(
        [tile("411521101001", "甲村", "idle", checked=0, idle=0, **here), tile("411521103001", "乙村", "bad")]
    )
    html = tile_grid(by_share(frame), {}, "无")
    assert html.index("乙村") < html.index("空镇") < html.index("甲村")


def test_tiles_by_place_say_the_place_and_who_took_no_part():
    places = [(1, "good", "ranked"), (9, "bad", "ranked"), (None, "idle", "not_assessed")]
    frame = pl.DataFrame(
        [
            {"division_code": f"41152110300{n}", "name": f"{n}村", "parent_code": "411521103000", "checked": 1,
             "parent_name": "甲镇", "rank": rank, "ranked_units": 9, "score": Decimal("96.504"), "light": light}
            for n, (rank, light, _) in enumerate(places)
        ]
    )  # fmt: skip
    tiles = by_place(frame)
    assert tiles["under"].to_list() == ["第1名", "第9名", "未参评"]
    assert tiles["full"].to_list() == ["0村:第1名,共9个,得分96.50", "1村:第9名,共9个,得分96.50", "2村:未参评"]


def test_names_of_tiles_are_escaped():
    html = tile_grid(by_share(pl.DataFrame([tile("411521103001", '"><img src=x>', "bad")])), {}, "无")
    assert "<img" not in html


def test_outlines_belong_to_known_counties_and_are_small():
    outlines = load_outlines(SEEDS)
    known = {
        code
        for file in ("5205", "2208")
        for code, level in pl.read_csv(SEEDS / "reference" / f"divisions-{file}.csv", infer_schema=False)
        .select("code", "level").iter_rows()
        if level == "county"
    }  # fmt: skip
    assert len(outlines) == 13 and set(outlines) <= known
    assert sum(path.stat().st_size for path in (SEEDS / "reference" / "boundaries").iterdir()) < 300_000
    for outline in outlines.values():
        assert all(ring[0] == ring[-1] for ring in outline.rings)
        longitudes = [x for x, _ in outline.rings[0]]
        assert min(longitudes) < outline.middle[0] < max(longitudes)


def test_map_colours_each_county_and_is_left_out_where_an_outline_is_missing():
    outlines = load_outlines(SEEDS)
    frame = pl.DataFrame([tile("520502000000", "七星关区", "good"), tile("520521000000", "大方县", "bad")])
    figure = county_map(by_share(frame), outlines)
    shapes = [trace for trace in figure.data if trace.fill == "toself"]
    assert [trace.name for trace in shapes] == ["七星关区", "大方县"]
    assert shapes[0].fillcolor != shapes[1].fillcolor
    assert list(figure.data[-1].text) == ["<b>✔</b><br>七星关区", "<b>✖</b><br>大方县"]
    assert has_outlines(frame, outlines)
    assert not has_outlines(pl.concat([frame, pl.DataFrame([tile("411521000000", "罗山县", "bad")])]), outlines)


def standing(rows: list[tuple[str, str, str, int | None, int | None]]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"division_code": code, "name": f"{code}村", "title": "排名", "part": part, "standing": text,
             "rank": rank, "previous_rank": former, "rank_change": former - rank if rank and former else None}
            for code, part, text, rank, former in rows
        ],
        schema_overrides={"rank": pl.Int64, "previous_rank": pl.Int64, "rank_change": pl.Int64},
    )  # fmt: skip


def test_largest_moves_come_and_falls_stand_first():
    frame = standing(
        [("甲", "rank", "第3名", 3, 1), ("乙", "rank", "第1名", 1, 9), ("丙", "rank", "第5名", 5, 5),
         ("丁", "rank", "第4名", 4, 3), ("戊", "rank", "第6名", 6, None)]
    )  # fmt: skip
    moves = rank_moves(frame, 2)
    assert moves.select("unit_name", "before", "after", "moved").rows() == [
        ("甲村", "第1名", "第3名", "降2位"), ("乙村", "第9名", "第1名", "升8位")
    ]  # fmt: skip


def test_between_editions_shows_what_reads_otherwise_what_came_and_what_went():
    former = standing(
        [("甲", "rank", "第1名", 1, 1), ("乙", "milestone", "met", None, None), ("丙", "rank", "第9名", 9, 9)]
    )
    current = standing(
        [("甲", "rank", "第2名", 2, 1), ("乙", "milestone", "missed", None, None), ("丁", "rank", "第8名", 8, 8)]
    )
    assert between_editions(former, current).select("unit_name", "before", "after").rows() == [
        ("丁村", "—", "第8名"), ("丙村", "第9名", "—"), ("乙村", "✔ 已达标", "✖ 未达标"), ("甲村", "第1名", "第2名"),
    ]  # fmt: skip


def test_neighbours_are_three_each_side_with_the_difference_to_me():
    ranked = pl.DataFrame(
        {"division_code": [str(n) for n in range(10)], "score": [Decimal(100 - n) for n in range(10)]}
    )
    near = around(ranked, "8")
    assert near["division_code"].to_list() == ["5", "6", "7", "8", "9"]
    assert near["difference"].to_list() == [3, 2, 1, 0, -1]
    assert near.filter("is_me")["division_code"].to_list() == ["8"]
    assert around(ranked, "99").is_empty()


def test_history_leaves_a_gap_where_the_unit_was_not_ranked():
    frame = pl.DataFrame(
        {"period": ["2018-07", "2018-08", "2018-09"], "title": ["七月", "八月", "九月"], "rank": [3, None, 7],
         "ranked_units": [19, None, 40]}
    )  # fmt: skip
    (trace,) = history_chart(frame).data
    assert trace.y == (3, None, 7) and not trace.connectgaps
    assert list(trace.text) == ["第3名", "", "第7名"]
    assert trace.hovertext[1].endswith("未排名")
    assert history_chart(frame).layout.yaxis.range[0] > history_chart(frame).layout.yaxis.range[1]


def test_money_of_what_leads_to_nothing_is_in_no_sum():
    states = ["proposed", "verified", "confirmed", "waived", "absorbed", "pending_announcement", "needs_review"]
    frame = pl.DataFrame(
        {"state": states, "amount": [Decimal(-3000)] * 7, "kind_state": [f"deduction:{state}" for state in states]}
    )
    kinds = {row["kind"]: row for row in load_reference(SEEDS, "consequences").iter_rows(named=True)}
    assert money(frame, ["proposed", "verified"], -1) == (Decimal(-6000), 2)
    sums = dict(sums_by_state(frame, badges(frame, kinds)).select("kind_state", "amount").iter_rows())
    assert [sums[f"deduction:{state}"] for state in states] == [*[Decimal(-3000)] * 3, *[None] * 4]


def test_every_kind_of_consequence_is_named_and_on_its_list():
    kinds = {row["kind"]: row for row in load_reference(SEEDS, "consequences").iter_rows(named=True)}
    frame = pl.DataFrame({"kind_state": [f"{kind}:proposed" for kind in kinds]})
    shown = badges(frame, kinds)
    assert shown["honours_barred:proposed"].label == "拟取消评先评优资格"
    assert shown["merit_citation:proposed"].symbol == "＋" and shown["interview:proposed"].symbol == "－"
