"""How 毕节市's eight counties are to fare in 2022: the figures the money is made to fit."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

PERIODS = tuple(f"2022-{month:02d}" for month in range(1, 13))
DADING, JINSHA, ZHIJIN, NAYONG, WEINING = (
    "520521000000",
    "520523000000",
    "520524000000",
    "520525000000",
    "520526000000",
)


@dataclass(frozen=True)
class CountyPlan:
    """One county: its central and provincial linkage money, and the share of it paid by each month's end."""

    code: str
    linkage: Decimal
    """Central and provincial 财政衔接资金 of 2022, yuan; a multiple of a million."""
    rates: tuple[str, ...]
    """衔接资金支出进度 in percent, January to December, reached to the cent."""
    industry_share: str = "0.60"
    """Share of central linkage money allocated to industry."""

    def rate(self, month: int) -> Decimal:
        return Decimal(self.rates[month - 1]) / 100


COUNTIES = (
    CountyPlan("520502000000", Decimal(96_000_000),
               ("12", "22", "33", "41", "49", "58", "66", "74", "81", "88", "94", "98")),
    CountyPlan(DADING, Decimal(82_000_000),
               ("10", "20", "30", "38", "46", "54", "62", "70", "78", "86", "93", "97")),
    CountyPlan(JINSHA, Decimal(54_000_000),
               ("11", "21", "31", "39", "47", "56", "64", "72", "80", "87", "93.5", "96.5"), "0.66"),
    # exactly half by the end of June
    CountyPlan(ZHIJIN, Decimal(88_000_000),
               ("9", "18", "27", "35", "43", "50", "60", "69", "76", "85", "92.5", "96")),
    # behind all year: interviews from March to December
    CountyPlan(NAYONG, Decimal(90_000_000),
               ("5", "11", "17", "23", "29", "36", "41", "47", "54", "63", "74", "88"), "0.57"),
    # behind until August, caught up in September: interviews from March to August
    CountyPlan(WEINING, Decimal(120_000_000),
               ("6", "12", "18.5", "25", "31", "38", "50", "62", "75.2", "83.9", "92", "95.6"), "0.51"),
    # below 50 % in June and 75 % in September, above the provincial average both times
    CountyPlan("520527000000", Decimal(86_000_000),
               ("8.5", "17.5", "26", "34.5", "42.5", "48.6", "57.5", "68", "74.2", "84", "92.1", "95")),
    CountyPlan("520581000000", Decimal(64_000_000),
               ("9.5", "19", "28.5", "36.5", "44.5", "52", "61", "70", "77", "84.5", "91.8", "94.2")),
)  # fmt: skip

PROVINCE_AVERAGE = {"2022-06": "47.90", "2022-09": "73.50", "2022-12": "93.80"}
"""全省平均 of 衔接资金支出进度, percent, as the province reports it."""


@dataclass(frozen=True)
class ReceiptPlan:
    """One receipt of every county: where it comes from, when, how much, and into how many projects it goes."""

    level: str
    kind: str
    share: str
    """Of the county's linkage money, a ratio."""
    issued: date
    projects: int
    fund_year: int = 2022
    advance: bool = False
    linkage: bool = False
    """Counts in linkage_expenditure_rate: central or provincial linkage money of the year."""


_LINKAGE = "财政衔接资金"
RECEIPTS = (
    # the shares of the first twelve come to 1
    ReceiptPlan("中央", _LINKAGE, "0.25", date(2021, 12, 20), 7, advance=True, linkage=True),
    ReceiptPlan("中央", _LINKAGE, "0.20", date(2021, 12, 20), 6, advance=True, linkage=True),
    ReceiptPlan("中央", _LINKAGE, "0.10", date(2021, 12, 28), 4, advance=True, linkage=True),
    ReceiptPlan("省级", _LINKAGE, "0.09", date(2022, 2, 18), 3, linkage=True),
    ReceiptPlan("省级", _LINKAGE, "0.06", date(2022, 2, 18), 2, linkage=True),
    ReceiptPlan("中央", _LINKAGE, "0.08", date(2022, 4, 20), 3, linkage=True),
    ReceiptPlan("中央", _LINKAGE, "0.06", date(2022, 4, 20), 2, linkage=True),
    ReceiptPlan("中央", _LINKAGE, "0.04", date(2022, 4, 20), 2, linkage=True),
    ReceiptPlan("中央", _LINKAGE, "0.02", date(2022, 4, 20), 1, linkage=True),
    ReceiptPlan("省级", _LINKAGE, "0.05", date(2022, 5, 20), 2, linkage=True),
    ReceiptPlan("省级", _LINKAGE, "0.03", date(2022, 5, 20), 1, linkage=True),
    ReceiptPlan("省级", _LINKAGE, "0.02", date(2022, 5, 20), 1, linkage=True),
    ReceiptPlan("市级", _LINKAGE, "0.03", date(2022, 3, 8), 2),
    ReceiptPlan("市级", _LINKAGE, "0.02", date(2022, 7, 6), 1),
    ReceiptPlan("县级", _LINKAGE, "0.04", date(2022, 3, 22), 3),
    ReceiptPlan("县级", _LINKAGE, "0.02", date(2022, 8, 15), 2),
    ReceiptPlan("省级", "东西部协作资金", "0.06", date(2022, 2, 15), 3),
    ReceiptPlan("省级", "东西部协作资金", "0.04", date(2022, 2, 28), 2),
    ReceiptPlan("省级", "东西部协作资金", "0.02", date(2022, 3, 10), 2),
    ReceiptPlan("省级", "东西部协作资金", "0.01", date(2022, 3, 16), 1),
    ReceiptPlan("中央", "定点帮扶资金", "0.01", date(2022, 4, 12), 1),
    ReceiptPlan("县级", "社会捐赠资金", "0.005", date(2022, 6, 9), 1),
    ReceiptPlan("省级", "世行贷款", "0.03", date(2022, 1, 18), 1),
    ReceiptPlan("中央", _LINKAGE, "0.30", date(2021, 3, 26), 3, fund_year=2021),
    ReceiptPlan("省级", _LINKAGE, "0.10", date(2021, 5, 21), 2, fund_year=2021),
    ReceiptPlan("县级", "统筹整合涉农资金", "0.02", date(2019, 6, 18), 1, fund_year=2019),
)  # fmt: skip
