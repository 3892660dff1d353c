"""Appeals: lodged, upheld or dismissed; what is reopened; and which scores can be corrected here at all."""

from decimal import Decimal

import pytest
from county_round import PERIOD, change_edition, signed

from orchestration.errors import GuatuError
from orchestration.records.appeals import Appeal, dismiss, lodge, try_score, uphold, who_moves
from orchestration.records.decisions import decide, matching_actions
from orchestration.records.journal import entries
from orchestration.settings import Settings

ROUND = ("lingshan-2018", "round-2018-07", PERIOD)
LAST = Appeal(*ROUND, "411521103206")
MIDDLE = "411521103204"


def take(office: Settings, division: str, *steps: str) -> None:
    for day, step in enumerate(steps, start=3):
        found, edition_id = matching_actions(office, *ROUND, division)
        decide(office, found, edition_id, step, signed(day))


def test_lodged_then_dismissed_then_lodged_again(office: Settings) -> None:
    lodge(office, LAST, signed(3))
    with pytest.raises(GuatuError, match="不能记为“已受理”"):
        lodge(office, LAST, signed(4))
    dismiss(office, LAST, signed(5))
    with pytest.raises(GuatuError, match="lodged"):
        uphold(office, LAST, signed(6))
    lodge(office, LAST, signed(7, "提供了新材料"))
    assert [record["step"] for record in entries(office.decisions)] == ["lodged", "dismissed", "lodged"]


def test_nothing_is_upheld_that_was_not_lodged(office: Settings) -> None:
    with pytest.raises(GuatuError, match="尚无记录"):
        uphold(office, LAST, signed(3), Decimal(91))
    assert entries(office.decisions) == []


def test_an_appeal_that_changes_a_score_shows_everyone_who_moves(office: Settings) -> None:
    found = {move.name: move for move in who_moves(office, None, *ROUND, LAST.division, Decimal(91))}
    assert set(found) == {"示例6村", "示例4村", "示例5村", "示例7村"}
    assert (found["示例6村"].rank_before, found["示例6村"].rank_after) == (6, 4)
    assert set(found["示例6村"].lost) == {"村级经费:扣减 -5000.00 元", "村党支部书记:免职建议", "村委会主任:免职建议"}
    assert "村级经费:扣减 -5000.00 元" in found["示例4村"].gained
    assert found["示例5村"].gained == found["示例5村"].lost == ()
    assert sum(move.money_after - move.money_before for move in found.values()) == 0
    assert entries(office.decisions) == []  # trying records nothing


def test_upholding_reopens_what_the_new_score_unsettles(office: Settings) -> None:
    take(office, LAST.division, "verified", "confirmed", "carried_out")
    take(office, "411521103205", "verified")  # moves, but its consequences stay
    take(office, "411521103201", "verified", "confirmed")  # does not move
    lodge(office, LAST, signed(10))
    written, moved = uphold(office, LAST, signed(11, "复核后更正"), Decimal(91))
    assert [(w.kind, w.step) for w in written] == [("appeal", "upheld")] + [("step", "reopened")] * 3
    assert {w.division_code for w in written} == {LAST.division}
    assert len(moved) == 4
    again, _ = matching_actions(office, *ROUND, LAST.division)
    assert {row["state"] for row in again} == {"proposed"}
    kept, _ = matching_actions(office, *ROUND, "411521103201")
    assert {row["state"] for row in kept} == {"confirmed"}


def test_another_units_decision_is_reopened_when_its_consequence_changes(office: Settings) -> None:
    take(office, "411521103205", "verified", "confirmed")  # third from the bottom with 85
    about = Appeal(*ROUND, MIDDLE)
    lodge(office, about, signed(10))
    written, moved = uphold(office, about, signed(11, "原得分多计"), Decimal(70))  # falls to the last place
    assert {m.name for m in moved if m.lost} == {"示例5村", "示例6村", "示例7村"}
    assert {(w.division_code, w.step) for w in written[1:]} == {("411521103205", "reopened")}
    assert len(written) == 4


def test_upheld_without_a_score_reopens_the_units_own(office: Settings) -> None:
    take(office, LAST.division, "verified")
    lodge(office, LAST, signed(10))
    written, moved = uphold(office, LAST, signed(11))
    assert moved == [] and [w.step for w in written] == ["upheld", "reopened", "reopened", "reopened"]


@pytest.mark.parametrize("score", ["-1", "100.01", "90.00001", "NaN"])
def test_scores_that_cannot_be(office: Settings, score: str) -> None:
    with pytest.raises(GuatuError) as error:
        try_score(office, LAST, Decimal(score))
    assert error.value.code == "bad_score"


def test_a_score_computed_from_submissions_is_not_corrected_here(office: Settings) -> None:
    change_edition(office, "update marts.fct_ranking set round_code = null")
    with pytest.raises(GuatuError, match="更正报送"):
        try_score(office, LAST, Decimal(91))


def test_announced_ranks_are_not_ranked_again(office: Settings) -> None:
    change_edition(office, "update marts.fct_ranking set rank = rank + 10, ranked_units = 40")
    with pytest.raises(GuatuError, match="以上级公布为准"):
        try_score(office, LAST, Decimal(91))


@pytest.mark.parametrize(
    ("about", "words"),
    [
        (Appeal("lingshan-2018", "round-2018-07", "2018-08", "411521103206"), "round-2018-07 2018-07"),
        (Appeal("no-such", "round-2018-07", PERIOD, "411521103206"), "没有考核办法"),
        (Appeal(*ROUND, "411726101201"), "没有参加该排名的单位"),
    ],
)
def test_an_appeal_is_about_a_place_in_a_ranking(office: Settings, about: Appeal, words: str) -> None:
    with pytest.raises(GuatuError, match=words):
        lodge(office, about, signed(3))
