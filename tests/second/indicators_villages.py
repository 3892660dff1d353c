"""Indicators of villages, teams, loans, rectification, assets and reporting; and the village exit table."""

from datetime import date, datetime, timedelta
from fractions import Fraction

from second.calendar_math import month_of, shift
from second.documents import IN_FORCE
from second.logic import Known, every, filled, word
from second.measure import Cell, Measure, cell, coverages
from second.month import Month, at_least, on_or_before
from second.tree import Row
from second.world import Submission

SEVEN = ("road", "drinking_water", "power", "culture_centre", "clinic", "broadband", "broadcast")
TEN = (*SEVEN, "environment", "housing_done", "village_office")


def village_type(month: Month, code: str) -> str | None:
    return month.tree.nodes.get(code, {}).get("village_type")


def collective_ok(month: Month, village: Row) -> Known:
    """Collective income against the standard of the village's kind."""
    income = village["collective_income"]
    return at_least(None if income is None else Fraction(income), collective_line(month, village))


def collective_line(month: Month, village: Row) -> Fraction | None:
    code = village["village_code"]
    return month.standard("collective_income", code, village_type(month, code) or "")


def villages(month: Month) -> dict[str, Measure]:
    seven, ten, rate = (Measure(("villages",)) for _ in range(3))
    income = Measure(("villages",), ratio=False)
    pv = Measure(("villages",))
    known_income = set()
    for v in month.snapshot("villages"):
        code = v["village_code"]
        for measure, items in ((seven, SEVEN), (ten, TEN)):
            if None not in [v[item] for item in items]:
                measure.tally(code, all(v[item] for item in items))
        if v["collective_income"] is not None:
            known_income.add(code)
            income.add(code, Fraction(v["collective_income"]))
        rate.tally(code, collective_ok(month, v))
        if v["pv_wage"] is not None and v["pv_income"] is not None:
            pv.add(code, Fraction(v["pv_wage"]), Fraction(v["pv_income"]))
    # A blank income is unknown, not zero: such a village does not speak for this quantity.
    income.only = frozenset(known_income)
    return {
        "seven_items_rate": seven,
        "ten_items_rate": ten,
        "collective_income": income,
        "collective_income_rate": rate,
        "pv_wage_share": pv,
        **teams(month),
    }


def teams(month: Month) -> dict[str, Measure]:
    attendance = Measure(("team_attendance",))
    size = Measure(("team_attendance", "households"))
    posted: dict[str, int] = {}
    for member in month.snapshot("team_attendance"):
        code = member["village_code"]
        posted[code] = posted.get(code, 0) + 1
        attendance.tally(code, member["days"] >= 20)
    people: dict[str, int] = {}
    for h in month.households.values():
        if h["registered"]:
            people[h["village_code"]] = people.get(h["village_code"], 0) + h["member_count"]
    for code, node in month.tree.nodes.items():
        if node["level"] == "village":
            kind = node["village_type"]
            if kind in ("poor", "deeply_poor"):
                size.tally(code, posted.get(code, 0) >= 3)
            elif kind == "non_poor" and people.get(code, 0) > 100:
                size.tally(code, posted.get(code, 0) >= 2)
    return {"attendance_rate": attendance, "team_size_rate": size}


def loans(month: Month) -> dict[str, Measure]:
    needs = ("households", "persons", "loans")
    rate, marginal = Measure(needs), Measure(needs)
    rows = month.snapshot("loans")
    borrowers = {row["household_id"] for row in rows if row["balance"] > 0}
    for h in month.households.values():
        if h["loan_eligible"] is True:
            target = marginal if h["household_type"] == "marginal" else rate
            target.tally(h["village_code"], h["household_id"] in borrowers)
    volume, overdue, npl = (Measure(("loans",)) for _ in range(3))
    counted: set[tuple[str, str]] = set()
    for row in rows:
        code, balance = row["village_code"], Fraction(row["balance"])
        overdue.add(code, Fraction(row["overdue"]), balance)
        bad = row["classification"] in ("substandard", "doubtful", "loss")
        npl.add(code, balance * bad, balance)
        if balance > 0:
            first = (code, row["household_id"]) not in counted
            counted.add((code, row["household_id"]))
            volume.add(code, Fraction(row["amount"]), int(first))
    return {
        "loan_household_rate": rate,
        "loan_marginal_rate": marginal,
        "loan_per_household": volume,
        "loan_overdue_rate": overdue,
        "loan_npl_rate": npl,
    }


def rectification(month: Month) -> dict[str, Measure]:
    rate = Measure(("rectifications",))
    overdue = Measure(("rectifications",), ratio=False)
    for row in month.snapshot("rectifications"):
        closed = on_or_before(row["closed_on"], month.end)
        if row["found_on"] <= month.end:
            rate.tally(row["division_code"], closed)
        overdue.add(row["division_code"], int(row["due_on"] < month.end and not closed))
    return {"rectification_rate": rate, "overdue_rectifications": overdue}


def assets(month: Month) -> dict[str, Measure]:
    titled, keeper, idle, distributed = (Measure(("assets",)) for _ in range(4))
    for row in month.snapshot("assets"):
        code, worth = row["division_code"], Fraction(row["original_value"])
        titled.add(code, worth * row["titled"], worth)
        keeper.tally(code, filled(row["keeper"]))
        idle.add(code, worth * (row["status"] in ("idle", "damaged")), worth)
        known = None not in (row["annual_income"], row["distributed"])
        if row["category"] == "operating" and known:
            distributed.add(code, Fraction(row["distributed"]), Fraction(row["annual_income"]))
    return {
        "titled_rate": titled,
        "keeper_rate": keeper,
        "idle_asset_rate": idle,
        "distribution_rate": distributed,
    }


INSPECTION = {
    "wrong_exit_rate": ("wrong_exits", "exited_sampled"),
    "missed_rate": ("missed", "unregistered_sampled"),
    "satisfaction_rate": ("satisfied", "responses"),
    "identification_accuracy": ("identified_correctly", "households_sampled"),
    "data_accuracy": ("fields_matched", "fields_checked"),
}


def counts_from(row: Row) -> str:
    """The first month an inspected row counts in: its file's, or the later one of its own date."""
    return max(row["_month"], month_of(row["inspected_on"]))


def inspections(month: Month) -> dict[str, Measure]:
    """Of the rounds filed for the month."""
    found = {code: Measure(("inspections",)) for code in INSPECTION}
    for row in month.journal("inspections"):
        if row["_month"] == month.period:
            for code, (hits, sample) in INSPECTION.items():
                if row[hits] is not None and row[sample] is not None:
                    found[code].add(row["division_code"], row[hits], row[sample])
    return found


def measures(month: Month) -> dict[str, Measure]:
    """All indicators that are summed up the tree from the rows of this module's templates."""
    return {
        **villages(month),
        **loans(month),
        **rectification(month),
        **assets(month),
        **inspections(month),
    }


def composite_incidence(month: Month, exited: Measure) -> dict[str, Cell]:
    """综合贫困发生率 from township upward, with the rates of the latest round below each division."""
    covered = month.covered(("households", "villages", "inspections"))
    coverage = coverages(month, covered)
    inspected = month.covered(("inspections",))
    rounds: dict[str, list[Row]] = {}
    for row in month.journal("inspections"):
        if row["division_code"] in inspected:
            for above in month.tree.chain(row["division_code"]):
                rounds.setdefault(above, []).append(row)
    poor: dict[str, int] = {}
    on_file: dict[str, int] = {}
    for h in month.households.values():
        code = h["village_code"]
        poor[code] = poor.get(code, 0) + h["member_count"] * (h["household_type"] == "poor")
        on_file[code] = on_file.get(code, 0) + h["member_count"] * h["registered"]
    population = {v["village_code"]: v["rural_population"] for v in month.snapshot("villages")}
    found = {}
    for code in month.tree.nodes:
        if month.tree.level(code) == "village":
            continue
        units = [v for v in month.tree.villages[code] if v in covered]
        people = sum(population[v] for v in units)
        unregistered = people - sum(on_file.get(v, 0) for v in units)
        left = sum((exited.own.get(v, [Fraction(0)])[0] for v in units), Fraction(0))
        missed, wrong = _round_rates(rounds.get(code, []))
        if coverage[code] == 0:
            found[code] = Cell(None, None, None, Fraction(0), "missing")
        elif missed is None or wrong is None:
            found[code] = Cell(None, Fraction(people), None, coverage[code], "not_applicable")
        else:
            numerator = sum(poor.get(v, 0) for v in units) + missed * unregistered + wrong * left
            found[code] = cell(numerator, Fraction(people), coverage[code])
    return found


def _round_rates(rows: list[Row]) -> tuple[Fraction | None, Fraction | None]:
    """Missed and wrong-exit rate of the latest round among rows."""
    if not rows:
        return None, None
    latest = max(rows, key=lambda r: (r["_month"], r["inspected_on"], r["round_code"]))["round_code"]
    rates: list[Fraction | None] = []
    for hits, sample in (INSPECTION["missed_rate"], INSPECTION["wrong_exit_rate"]):
        known = [r for r in rows if r["round_code"] == latest and None not in (r[hits], r[sample])]
        total = sum(r[sample] for r in known)
        rates.append(Fraction(sum(r[hits] for r in known), total) if total else None)
    return rates[0], rates[1]


def _spoken_for(month: Month, template: str, submissions: list[Submission]) -> frozenset[str]:
    """Villages some of the submissions speak for: by scope, in `villages` by a row of their own."""
    if template == "villages":
        rows = (row for s in submissions for row in month.world.read(s))
        return frozenset(month.world.code(row["village_code"]) for row in rows)
    return month.world.inside({str(s.scope) for s in submissions}, month.period)


def fct_reporting(month: Month) -> dict[tuple[str, str, str], Row]:
    """Who has handed in what, and by the due day: the fifth of the following month."""
    following = shift(month.period, 1)
    due = datetime.combine(date(int(following[:4]), int(following[5:]), 5), datetime.min.time())
    found = {}
    for template in month.world.templates:
        reach = template in ("divisions", "support_units", "task_targets")
        wanted = month.world.within_reach(template, month.period)
        speaking = month.world.submissions(template, wanted if reach else lambda p: p == month.period)
        prompt = [s for s in speaking if s.received_at < due + timedelta(days=1)]
        covered, on_time = (_spoken_for(month, template, found) for found in (speaking, prompt))
        if template == "villages":
            covered = month.world.cover(template, month.period)
        for code, units in ((c, v) for c, v in month.tree.villages.items() if v):
            found[(month.period, code, template)] = {
                "level": month.tree.level(code),
                "villages_expected": len(units),
                "villages_covered": sum(unit in covered for unit in units),
                "villages_on_time": sum(unit in on_time for unit in units),
            }
    return found


def required_templates(month: Month, unit: str) -> set[str]:
    """Templates that the schemes in force ask of a unit."""
    above = month.tree.chain(unit)
    return {
        template
        for division, first, last, templates in IN_FORCE.values()
        if first <= month.period <= last and month.world.code(division) in above
        for template in templates
    }


def reporting_cells(month: Month) -> dict[str, dict[str, Cell]]:
    """报送率 and 及时报送率 of what the schemes require, and 退回率 of the month's submissions by scope."""
    expected, covered, on_time = ({code: 0 for code in month.tree.nodes} for _ in range(3))
    rows = fct_reporting(month)
    for unit in month.tree.nodes:
        if month.tree.level(unit) == "village":
            for template in required_templates(month, unit):
                row = rows[(month.period, unit, template)]
                for above in month.tree.chain(unit):
                    expected[above] += 1
                    covered[above] += row["villages_covered"]
                    on_time[above] += row["villages_on_time"]
    read, rejected = ({code: 0 for code in month.tree.nodes} for _ in range(2))
    for s in month.world.known:
        if s.period == month.period and s.scope is not None and s.outcome != "duplicate":
            for above in month.tree.chain(month.world.code(s.scope)):
                read[above] += s.rows_read
                rejected[above] += s.rows_rejected
    pairs = {
        "reporting_rate": (covered, expected),
        "timeliness_rate": (on_time, expected),
        "rejected_row_rate": (rejected, read),
    }
    return {
        name: {
            code: cell(Fraction(numerators[code]), Fraction(denominators[code]), Fraction(1))
            for code in month.tree.nodes
        }
        for name, (numerators, denominators) in pairs.items()
    }


def fct_village_exit(month: Month, incidence: dict[str, Cell]) -> dict[tuple[str, str, str], Row]:
    """1+7+2 of every village with its own row; a facility is 1 or 0, all together as many as are reached."""
    found: dict[tuple[str, str, str], Row] = {}
    for v in month.snapshot("villages"):
        code = v["village_code"]
        if code not in month.tree.nodes:
            continue
        value, ceiling = incidence[code].value, month.standard("incidence_ceiling", code)
        below = None if value is None or ceiling is None else value < ceiling
        industry = v["main_industry"]
        results: dict[str, Known] = {
            "incidence": below,
            **{item: v[item] for item in SEVEN},
            "collective_income": collective_ok(month, v),
            "main_industry": industry.strip() != "无" if filled(industry) else None,
        }
        results["overall"] = every(results.values())
        for item, answer in results.items():
            found[(month.period, code, item)] = {"result": word(answer)}
        for item in SEVEN:
            found[(month.period, code, item)].update(value=None if v[item] is None else int(v[item]), threshold=1)
        found[(month.period, code, "overall")]["value"] = sum(answer is True for answer in list(results.values())[:-1])
        found[(month.period, code, "incidence")].update(value=value, threshold=ceiling)
        found[(month.period, code, "collective_income")].update(
            value=v["collective_income"], threshold=collective_line(month, v)
        )
    return found
