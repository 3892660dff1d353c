"""How 宝塔区 is to stand at the end of 2017: its poor villages, and the cases planted for each clause."""

from collections.abc import Sequence

from orchestration.demo.places import Place

BAOTA = "610602000000"
FIRST, LAST = "2016-12", "2017-12"
"""The document's own year, when 2015 is the year before, and the year after."""
RURAL = ("6106021", "6106022")
"""Townships proper; the six streets have no poor village."""
POOR_BY_TOWNSHIP = 2
UNITS = 8
"""Support units; a poor village's number tells its unit."""
SATISFIED = (40, 39, 39, 38, 37, 38, 36, 40)
"""Of 40 asked in each village, by support unit: two units tie for the first place, two for the third."""
# (households sampled, identified correctly, fields checked, fields matched) by township; elsewhere as OTHERS
OTHERS = (100, 99, 400, 396)
CHECKED = {
    "610602102000": (100, 97, 400, 396),  # 河庄坪镇: 97 %, below 98 %
    "610602103000": (100, 98, 400, 396),  # 李渠镇: exactly 98 %
    "610602104000": (100, 99, 400, 379),  # 姚店镇: 94.75 %, below 95 %
    "610602105000": (100, 99, 400, 380),  # 青化砭镇: exactly 95 %
}  # fmt: skip
WITHOUT_BROADBAND, CLINIC_UNKNOWN = "610602106000", "610602107000"
"""The second poor village of 蟠龙镇 has no broadband; of that of 柳林镇 the clinic is left blank."""
INDUSTRY = "610602108000"
"""南泥湾镇: in its first poor village each household meets one of the six standards exactly, in the second none."""
ARCHIVE, HELPER, TRAINING = "610602109000", "610602112000", "610602202000"
"""临镇 has an incomplete file, 川口镇 a household without helper, 冯庄乡 a worker without training."""
UNANNOUNCED, UNCOMPLETED = "610602103000", "610602104000"
"""李渠镇's second project was not announced, 姚店镇's first not after its acceptance."""
LATE_STARTS = ("610602113000", "610602202000")
"""The second projects of 2016 of 麻洞川镇 and 冯庄乡 start only in March 2017."""
SHORT_OF_STAFF = "610602202000"


def poor_villages(places: Sequence[Place]) -> list[Place]:
    """The first two villages of each of the 13 rural townships, 26 in all."""
    return [
        village for township in places if township.level == "township" and township.code.startswith(RURAL)
        for village in villages_in(places, township.code)[:POOR_BY_TOWNSHIP]
    ]  # fmt: skip


def villages_in(places: Sequence[Place], township: str) -> list[Place]:
    """The villages of a township, without its urban 社区."""
    return [place for place in places if place.parent_code == township and place.name.endswith("村")]


def unit_number(number: int) -> int:
    """The support unit, from 0, behind the poor village of this number."""
    return number % UNITS


def support_unit(number: int) -> str:
    return f"宝塔区示例单位{unit_number(number) + 1}"
