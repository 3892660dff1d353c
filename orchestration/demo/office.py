"""What people put on record in the demonstration: deliveries, decisions, a veto, grades. The person is invented."""

from datetime import datetime, time, timedelta

from orchestration.cadence.deliveries import deliveries_table, find_cadence
from orchestration.cadence.deliveries import record as record_delivery
from orchestration.cadence.occurrences import occurrences
from orchestration.records.decisions import decide, grade, matching_actions, veto
from orchestration.records.model import Signature
from orchestration.records.store import read_decisions
from orchestration.release import open_edition
from orchestration.settings import Settings

PERSON = "示例经办人"
LABOUR, POVERTY = "市人社局", "市扶贫办"
LATE = {("220822000000", 1, POVERTY): 2}
"""通榆县's second ledger reaches the second of its two recipients two days late."""
NEVER = {("220821000000", 2, POVERTY)}
"""镇赉县's third never does."""
WEINING, NAYONG = "520526000000", "520525000000"


def record_deliveries(settings: Settings) -> None:
    """白城市's counties hand their fortnightly ledger of jobs to both offices, but for one late and one missing."""
    if deliveries_table(settings).height:
        return
    scheme, cadence = find_cadence(settings, "baicheng-2020", "job_ledger")
    counties = ("220802000000", "220821000000", "220822000000", "220881000000", "220882000000")
    for number, each in enumerate(occurrences(cadence, scheme.valid_from, scheme.valid_to)):
        for county in counties:
            for recipient in (LABOUR, POVERTY):
                if (county, number, recipient) in NEVER:
                    continue
                day = each.due_on + timedelta(days=LATE.get((county, number, recipient), 0))
                when = datetime.combine(day, time(16))
                delivery = (scheme.scheme, cadence.code, each.occurrence, county, (recipient,), when, PERSON, None)
                record_delivery(settings, *delivery, recorded_at=when)


def record_decisions(settings: Settings) -> None:
    """On the edition published last: an interview held, one waived; 岳阳县's and 泌阳县's grades, with one veto."""
    if read_decisions(settings):
        return
    checked = {"verified": "台账核对无误"}
    settle(settings, NAYONG, "2022-03", checked | {"confirmed": "领导小组会议研究", "carried_out": "已约谈"})
    settle(settings, WEINING, "2022-04", checked | {"waived": "六月前已整改,不再约谈"})
    best, last, period = ranked(settings, "yueyang-2019", "townships-2019")
    meeting = signed("年度考核会议", 2020, 2, 20)
    grade(settings, "yueyang-2019", "good", period, "graded", meeting, division=best, year=2019)
    finding = signed("省级实地考核通报", 2020, 2, 20)
    veto(settings, "yueyang-2019", "major_failure", period, "found", finding, division=last, year=2019)
    first, _, period = ranked(settings, "biyang-2016", "townships-2016")
    meeting = signed("年度考评会议", 2017, 2, 10)
    grade(settings, "biyang-2016", "well_done", period, "graded", meeting, division=first, year=2016)
    unit = first_support_unit(settings, "411726000000")
    grade(settings, "biyang-2016", "well_done", period, "graded", meeting, unit=unit, year=2016)


def settle(settings: Settings, county: str, period: str, steps: dict[str, str]) -> None:
    """The steps on a county's interview of a month of 毕节市's ranking, a day apart."""
    for number, (step, reason) in enumerate(steps.items()):
        actions, edition_id = matching_actions(settings, "bijie-2022", "monthly-expenditure", period, county)
        decide(settings, actions, edition_id, step, signed(reason, 2022, 7, 18 + number))


def signed(reason: str, year: int, month: int, day: int) -> Signature:
    return Signature.of(PERSON, reason, datetime(year, month, day, 10))


def ranked(settings: Settings, scheme: str, ranking: str) -> tuple[str, str, str]:
    """The units first and last in a ranking and its month; of equal ones the first by code, as good as any here."""
    query = """
        select
            arg_min(division_code, (rank, division_code)),
            arg_min(division_code, (rank_from_bottom, division_code)),
            max(edition_period)
        from fct_ranking
        where scheme = ? and ranking = ? and rank is not null
    """
    with open_edition(settings) as connection:
        return connection.execute(query, [scheme, ranking]).fetchone()


def first_support_unit(settings: Settings, county: str) -> str:
    query = "select min(unit) from fct_support_unit where county_code = ? and rank = 1"
    with open_edition(settings) as connection:
        return connection.execute(query, [county]).fetchone()[0]
