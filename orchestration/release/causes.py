"""Which submission, or which decision, caused what differs between two editions.

A submission in force in one edition only explains a change where the indicator needs its template, the division lies
inside its scope or around it, and its month reaches the change's. Ranks and consequences follow from the units whose
score changed. All of it is joined in SQL, over the changes that ``compare`` has put into temporary tables.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import duckdb
import polars as pl

from orchestration.catalogue.indicators import load_indicators
from orchestration.catalogue.schemes import Scheme, load_schemes
from orchestration.catalogue.templates import load_templates
from orchestration.records.store import decisions_table
from orchestration.release.editions import Edition
from orchestration.settings import Settings

MONTHS_BACK = {"year_ago": 12}
"""Which month of a template an indicator needs: ``persons@year_ago``."""
REFUSED = "refused"
"""Stands for the template of a refused file: it counts in no indicator but those on reporting itself."""

SUBMISSIONS = """
create temp table divisions as
select distinct division_code, predecessor_code,
    unnest([division_code, province_code, prefecture_code, county_code, township_code]) as ancestor_code
from (from edition_a.marts.dim_division union all by name from edition_b.marts.dim_division);

-- what was handed in under a code's predecessor speaks for its successor
create temp table inside as
select division_code, ancestor_code from divisions where ancestor_code is not null
union
select division_code, predecessor_code from divisions where predecessor_code is not null
union
select successors.division_code, divisions.ancestor_code
from divisions as successors
inner join divisions on successors.predecessor_code = divisions.division_code
where divisions.ancestor_code is not null;

create temp table all_submissions as
select * replace (case outcome when 'refused' then 'refused' else template end as template)
from (
    select 'a' as side, * from edition_a.marts.fct_submission
    union all by name
    select 'b' as side, * from edition_b.marts.fct_submission
)
where outcome <> 'duplicate';

create temp table new_submissions as
select own.*
from all_submissions as own
anti join all_submissions as other on own.submission_id = other.submission_id and own.side <> other.side
anti join (
    select earlier.side, earlier.submission_id
    from all_submissions as earlier
    inner join all_submissions as later
        on earlier.side = later.side
        and earlier.template = later.template
        and earlier.period = later.period
        and later.template <> 'refused'
        and (earlier.received_at, earlier.submission_id) < (later.received_at, later.submission_id)
    inner join inside on earlier.scope_code = inside.division_code and later.scope_code = inside.ancestor_code
) as superseded on own.side = superseded.side and own.submission_id = superseded.submission_id;

create temp table touched as
with nearby as (
    select division_code, ancestor_code as scope_code from inside
    union
    select ancestor_code, division_code from inside
)
select new_submissions.submission_id, new_submissions.template, new_submissions.period as file_period,
    templates.reach, nearby.division_code
from new_submissions
inner join templates using (template)
inner join nearby using (scope_code);
"""

REACHES = """
case touched.reach
    when 'period' then touched.file_period = {month}
    when 'year' then touched.file_period <= {month} and left(touched.file_period, 4) = left({month}, 4)
    else touched.file_period <= {month}
end
"""
"""Whether a submission's month speaks for ``{month}``; journals and lasting registers reach all later months."""

MONTH = "strftime(cast({period} || '-01' as date) - to_months({needs}.months_back), '%Y-%m')"

VALUES = """
insert into change_causes
select distinct 'values', changes.change_id, 'submission', touched.submission_id
from values_changes as changes
inner join {needs} as needs using (indicator_code)
inner join touched
    on needs.template = touched.template
    and changes.division_code = touched.division_code
    and {reaches}
where changes.change_id not in (select change_id from change_causes where kind = 'values');
"""

RANKS = """
create temp table moved_units as
select distinct scheme, ranking, edition_period, class, division_code
from ranks_changes
where present_a is null or present_b is null or score_a is distinct from score_b or state_a is distinct from state_b;

create temp table rank_sources as
select distinct moved_units.scheme, moved_units.ranking, moved_units.edition_period, moved_units.class,
    'submission' as cause, touched.submission_id as id
from moved_units
inner join ranking_needs as needs using (scheme, ranking)
inner join touched
    on needs.template = touched.template
    and moved_units.division_code = touched.division_code
    and {reaches}
union
select moved_units.scheme, moved_units.ranking, moved_units.edition_period, moved_units.class, 'decision', appeals.entry
from moved_units
inner join decisions as appeals
    on moved_units.scheme = appeals.scheme
    and moved_units.ranking = appeals.ranking
    and moved_units.division_code = appeals.division_code
    and moved_units.edition_period >= appeals.edition_period
where appeals.kind = 'appeal' and appeals.step = 'upheld' and appeals.score is not null;

insert into change_causes
select distinct 'ranks', changes.change_id, sources.cause, sources.id
from ranks_changes as changes
inner join rank_sources as sources using (scheme, ranking, edition_period, class);
"""

ACTIONS = """
insert into change_causes
select distinct 'actions', changes.change_id, 'decision', decisions.entry
from actions_changes as changes
inner join decisions
    on changes.scheme = decisions.scheme
    and changes.division_code = decisions.division_code
    and case decisions.kind
        when 'step'
            then changes.ranking is not distinct from decisions.ranking
            and changes.edition_period = decisions.edition_period
            and changes.clause_id = decisions.clause_id
            and changes.object = decisions.object
            and changes.kind = decisions.action_kind
        when 'appeal' then false
        else cast(left(changes.edition_period, 4) as integer) >= decisions.year
    end
union
select 'actions', changes.change_id, sources.cause, sources.id
from actions_changes as changes
inner join rank_sources as sources using (scheme, ranking, edition_period)
union
select 'actions', changes.change_id, causes.cause, causes.id
from actions_changes as changes
inner join target_indicators as targets on changes.scheme = targets.scheme and changes.ranking = targets.target
inner join values_changes as changed_values
    on targets.indicator_code = changed_values.indicator_code
    and changes.edition_period = changed_values.period
    and changes.division_code = changed_values.division_code
inner join change_causes as causes on causes.kind = 'values' and changed_values.change_id = causes.change_id;

-- a consequence of several months running follows from the months before, too
insert into change_causes
select distinct 'actions', changes.change_id, sources.cause, sources.id
from actions_changes as changes
inner join rank_sources as sources
    on changes.scheme = sources.scheme
    and changes.ranking = sources.ranking
    and sources.edition_period < changes.edition_period
    and left(sources.edition_period, 4) = left(changes.edition_period, 4)
where changes.change_id not in (select change_id from change_causes where kind = 'actions');
"""

MONTHS = """
create temp table months as
select distinct 'a' as side, period from edition_a.marts.fct_indicator
union all
select distinct 'b', period from edition_b.marts.fct_indicator;
"""

OTHERS = """
insert into change_causes
select '{kind}', changes.change_id,
    case when changes.{month} in (select period from months group by period having count(*) = 1)
        then 'months' else 'rules' end,
    null
from {kind}_changes as changes
where changes.change_id not in (select change_id from change_causes where kind = '{kind}');
"""

SUMMARY = """
select
    causes.cause,
    causes.id,
    any_value(submissions.side) as side,
    any_value(coalesce(submissions.file_name, decisions.kind)) as name,
    any_value(decisions.step) as step,
    any_value(coalesce(decisions.division_code, decisions.unit)) as unit,
    any_value(decisions.person) as person,
    any_value(coalesce(submissions.received_at, decisions.decided_at)) as at,
    count(*) filter (where causes.kind = 'values') as values,
    count(*) filter (where causes.kind = 'ranks') as ranks,
    count(*) filter (where causes.kind = 'actions') as actions
from change_causes as causes
left join new_submissions as submissions on causes.cause = 'submission' and causes.id = submissions.submission_id
left join decisions on causes.cause = 'decision' and causes.id = decisions.entry
group by causes.cause, causes.id
order by
    case causes.cause when 'submission' then 1 when 'decision' then 2 when 'months' then 3 else 4 end, causes.id
"""


@dataclass(frozen=True)
class Cause:
    """What caused changes, and how many of each kind; a change may have several causes, and counts for each.

    cause    submission, decision, months (a month only one edition has) or rules (nothing handed in or decided explains
             it: rules, standards or the program changed)
    id       the submission's or decision's number
    side     a or b: the edition the submission is in force in
    name     the file's name, or the kind of decision
    """

    cause: str
    id: int | None
    side: str | None
    name: str | None
    step: str | None
    unit: str | None
    person: str | None
    at: datetime | None
    values: int
    ranks: int
    actions: int


def find_causes(connection: duckdb.DuckDBPyConnection, settings: Settings, a: Edition, b: Edition) -> tuple[Cause, ...]:
    """Fills ``change_causes`` (kind, change_id, cause, id) for the tables ``values_changes``, ``ranks_changes`` and
    ``actions_changes``, and returns the causes with how much each changed.

    The connection has both editions attached as ``edition_a`` and ``edition_b``.
    """
    for name, frame in _inputs(settings, a, b).items():
        connection.register(f"{name}_frame", frame)
        connection.execute(f"create temp table {name} as from {name}_frame")
    connection.execute("create temp table change_causes (kind varchar, change_id bigint, cause varchar, id bigint)")
    connection.execute(SUBMISSIONS)
    of_values = REACHES.format(month=MONTH.format(period="changes.period", needs="needs"))
    of_ranks = REACHES.format(month=MONTH.format(period="moved_units.edition_period", needs="needs"))
    connection.execute(VALUES.format(needs="indicator_needs", reaches=of_values))
    # the register of divisions bears on everything: named only where nothing nearer explains the change
    connection.execute(VALUES.format(needs="division_needs", reaches=of_values))
    connection.execute(RANKS.format(reaches=of_ranks))
    connection.execute(ACTIONS)
    connection.execute(MONTHS)
    for kind, month in (("values", "period"), ("ranks", "edition_period"), ("actions", "edition_period")):
        connection.execute(OTHERS.format(kind=kind, month=month))
    return tuple(Cause(*row) for row in connection.execute(SUMMARY).fetchall())


def _inputs(settings: Settings, a: Edition, b: Edition) -> dict[str, pl.DataFrame]:
    """What the catalogue and the journal of decisions say, as tables."""
    templates = load_templates(settings.seeds).values()
    needs = load_indicators(settings.seeds).select("indicator_code", pl.col("needs").fill_null("")).rows()
    every = [(template.name, 0) for template in templates] + [(REFUSED, 0)]
    by_indicator = {code: list(_templates(text)) or every for code, text in needs}
    schemes = load_schemes(settings.seeds).values()
    earlier, later = sorted((a.as_of, b.as_of))
    text = pl.String()
    return {
        "templates": pl.DataFrame(
            [(REFUSED, "period"), *((t.name, t.reach if t.kind == "snapshot" else "onwards") for t in templates)],
            schema={"template": text, "reach": text},
            orient="row",
        ),
        "indicator_needs": pl.DataFrame(
            [(code, *need) for code, wanted in by_indicator.items() for need in wanted],
            schema={"indicator_code": text, "template": text, "months_back": pl.Int32()},
            orient="row",
        ),
        "division_needs": pl.DataFrame(
            [(code, "divisions", 0) for code in by_indicator],
            schema={"indicator_code": text, "template": text, "months_back": pl.Int32()},
            orient="row",
        ),
        "ranking_needs": pl.DataFrame(
            sorted({row for scheme in schemes for row in _ranking_needs(scheme, by_indicator)}),
            schema={"scheme": text, "ranking": text, "template": text, "months_back": pl.Int32()},
            orient="row",
        ),
        "target_indicators": pl.DataFrame(
            [(scheme.scheme, target.code, target.indicator) for scheme in schemes for target in scheme.targets],
            schema={"scheme": text, "target": text, "indicator_code": text},
            orient="row",
        ),
        "decisions": decisions_table(settings, later).filter(pl.col("decided_at") > earlier),
    }


Need = tuple[str, int]


def _templates(needs: str) -> Iterator[Need]:
    """(template, months back) of an indicator's needs: ``villages.collective_income``, ``persons@year_ago``."""
    for need in needs.split():
        name, _, offset = need.partition("@")
        yield name.split(".")[0], MONTHS_BACK.get(offset, 0)


def _ranking_needs(scheme: Scheme, by_indicator: dict[str, list[Need]]) -> Iterable[tuple[str, str, str, int]]:
    for ranking in scheme.rankings:
        indicators = {ranking.indicator, *(item.indicator for item in ranking.items), *ranking.tie_breaks}
        needs = {need for indicator in indicators - {None} for need in by_indicator.get(indicator, [])}
        needs |= {("inspections", 0)} if ranking.round is not None else set()
        yield from ((scheme.scheme, ranking.code, *need) for need in needs)
