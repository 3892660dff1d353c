"""How 泌阳县 is to stand at the end of 2016: its poor villages, those that exit, the scores of its townships."""

from collections.abc import Sequence

from orchestration.demo.places import Place

BIYANG, YANGJIAJI = "411726000000", "411726111000"
PERIOD = "2016-12"
EXITED_PERSONS = 14_774
"""符合退出标准贫困群众, as the county reported of 2016."""
EXITED_VILLAGES = 31
SHOWN_VILLAGES = ("411726111209", "411726111203", "411726111215")
"""The three 示范村 of 杨家集镇: 大徐、孟岗、郑庄."""
WITH_FOUR = 11
"""So many townships have four poor villages, the others three; the three streets have none."""
SCORES = (
    "95.60", "94.20", "93.85", "96.40", "92.10", "94.20", "91.75", "90.30", "89.95", "97.15", "93.10",
    "96.40", "88.60", "91.20", "90.85", "92.75", "87.40", "89.10", "86.95", "90.30", "85.50", "91.20",
)  # fmt: skip
"""综合得分 of the 22 townships in the order of their codes; four pairs are equal."""
LOW_DIVIDEND, NO_DIVIDEND = "411726201209", "411726206200"
"""In one village of 盘古乡 a household gets 1,999.99 yuan; in one of 下碑寺乡 the sum is left blank."""


def poor_villages(places: Sequence[Place]) -> list[Place]:
    """The 68 poor villages, the 31 that exit first: one of each township, then the second of twelve."""
    rural = [[v for v in places if v.parent_code == t.code and v.name.endswith("村")] for t in places]
    shown = [v for code in SHOWN_VILLAGES for v in places if v.code == code]
    others = [villages for villages in rural if villages and villages[0].parent_code != YANGJIAJI]
    chosen = [villages[-4:] if number < WITH_FOUR else villages[-3:] for number, villages in enumerate(others)]
    chosen.append(shown)
    return [villages[turn] for turn in range(4) for villages in chosen if turn < len(villages)]


def support_unit(number: int) -> str:
    """The county unit behind the poor village of this number, from 0."""
    return f"泌阳县示例单位{number + 1:02d}"
