"""What each role finds in the database its queries run on, held against canaries in the bytes and in every cell."""

from pathlib import Path

import canary_edition
import duckdb
import pytest
from canary_edition import COUNTY, EXACT, HOUSEHOLD, PLACE, TEXT, A, B, C, granted

from orchestration.access.roles import Grant, load_roles, operator
from orchestration.access.rules import load_rules
from orchestration.access.scoped import WITHHELD, cut, scoped_edition
from orchestration.errors import GuatuError
from orchestration.settings import PROJECT_ROOT, Settings

RULES = load_rules(PROJECT_ROOT / "seeds")
PERSONAL = [HOUSEHOLD, TEXT, EXACT]
SEE_AND_NOT = {
    "领导": (granted("leader", COUNTY), [A, B], []),
    "乡镇": (granted("township", A), [A], []),
    "乡镇有用途": (granted("township", A, purpose="visit"), [A], [A]),
    "部门": (granted("department", COUNTY), [A, B], []),
    "部门有用途": (granted("department", COUNTY, purpose="finding"), [A, B], [A, B]),
    "领导有用途": (granted("leader", COUNTY, purpose="visit"), [A, B], []),
    "分析人员": (granted("analyst"), [A, B, C], []),
    "分析人员有用途": (granted("analyst", purpose="visit"), [A, B, C], []),
    "管理员": (granted("administrator"), [A, B, C], []),
    "管理员有用途": (granted("administrator", purpose="supervision"), [A, B, C], [A, B, C]),
    "乡镇无区划": (granted("township"), [], []),
}


@pytest.mark.parametrize("who", SEE_AND_NOT)
def test_each_role_finds_what_it_may_see_and_nothing_else(office: Settings, who: str) -> None:
    held, places, households = SEE_AND_NOT[who]
    found = canary_edition.everything_in(scoped_edition(office, None, held))
    for town in (A, B, C):
        assert (PLACE[town] in found) == (town in places), f"{who}:{PLACE[town]}"
        for canaries in PERSONAL:
            assert (canaries[town] in found) == (town in households), f"{who}:{canaries[town]}"


def test_the_operator_at_the_machine_has_the_edition_itself(office: Settings) -> None:
    path = scoped_edition(office, None, operator())
    assert path == (office.published / f"{canary_edition.EDITION}.duckdb").resolve()
    found = canary_edition.everything_in(path)
    assert all(canaries[town] in found for canaries in [*PERSONAL, PLACE] for town in (A, B, C))


@pytest.mark.parametrize("table", sorted(t for t, rule in RULES.items() if rule.rows.startswith("own")))
def test_a_township_has_no_row_of_another_one(office: Settings, table: str) -> None:
    path = scoped_edition(office, None, granted("township", A, purpose="visit"))
    of_counties = RULES[table].division == "county_code"
    assert canary_edition.rows_with(path, table, COUNTY if of_counties else A) > 0
    for code in (B, canary_edition.VILLAGE[B], C, canary_edition.VILLAGE[C]):
        assert canary_edition.rows_with(path, table, code) == 0


def test_a_township_has_the_averages_above_it_and_the_rankings_it_takes_part_in(office: Settings) -> None:
    path = scoped_edition(office, None, granted("township", A))
    assert canary_edition.rows_with(path, "fct_indicator", COUNTY) == 1
    assert canary_edition.rows_with(path, "fct_action", COUNTY) == 0
    with duckdb.connect(str(path), read_only=True) as connection:
        ranked = connection.execute("select distinct division_code from marts.fct_ranking").fetchall()
    assert {code for (code,) in ranked} == {A, B, canary_edition.VILLAGE[A], canary_edition.VILLAGE[B]}


def test_rows_of_county_units_are_for_those_who_see_the_whole_scheme(office: Settings) -> None:
    path = office.published / f"{canary_edition.EDITION}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("insert into marts.dim_scheme (scheme, division_code) values ('s', ?)", [COUNTY])
        connection.execute("insert into marts.fct_grade (scheme, unit) values ('s', '某单位')")
    seen = []
    for held in (granted("leader", COUNTY), granted("township", A), granted("department", canary_edition.OTHER_COUNTY)):
        with duckdb.connect(str(scoped_edition(office, None, held)), read_only=True) as connection:
            seen.append(connection.execute("select count(*) from marts.fct_grade where unit = '某单位'").fetchone()[0])
    assert seen == [1, 0, 0]


def test_a_household_has_one_code_in_every_mart_and_its_income_is_rounded(office: Settings) -> None:
    path = scoped_edition(office, None, granted("analyst"))
    with duckdb.connect(str(path), read_only=True) as connection:
        coded = connection.execute("select distinct household_id, net_income_per_capita from marts.fct_household")
        households = dict(coded.fetchall())
        found = connection.execute("select distinct entity_id, message from marts.fct_finding").fetchall()
        listed = {code for (code,) in connection.execute("select entity_id from marts.fct_list").fetchall()}
    assert {code for code, _ in found} == listed == set(households)
    assert {message for _, message in found} == {WITHHELD}
    assert sorted(int(amount) for amount in households.values()) == [41700, 51700, 61700]


def test_codes_differ_between_installations(tmp_path: Path) -> None:
    codes = []
    for name in ("one", "two"):
        canary_edition.write(tmp_path / name)
        path = scoped_edition(Settings(home=tmp_path / name), None, granted("analyst"))
        with duckdb.connect(str(path), read_only=True) as connection:
            codes.append(connection.execute("select min(household_id) from marts.fct_household").fetchone())
    assert codes[0] != codes[1]


def test_a_mart_without_a_rule_is_shown_to_nobody(tmp_path: Path) -> None:
    canary_edition.write(tmp_path / "home", {"fct_new": {"division_code": "varchar", "note": "varchar"}})
    office = Settings(home=tmp_path / "home")
    for held in (granted("administrator", purpose="supervision"), granted("township", A), granted("analyst")):
        with duckdb.connect(str(scoped_edition(office, None, held)), read_only=True) as connection:
            tables = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
        assert "fct_new" not in tables and "fct_ranking" in tables


def test_a_new_column_of_households_is_blank_until_it_is_classified(tmp_path: Path) -> None:
    columns = {**canary_edition.marts()["fct_household"], "note": "varchar"}
    canary_edition.write(tmp_path / "home", {"fct_household": columns})
    path = scoped_edition(Settings(home=tmp_path / "home"), None, granted("analyst"))
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("select distinct note from marts.fct_household").fetchall() == [(None,)]


def test_every_mart_of_the_contract_has_a_rule_that_fits_it() -> None:
    marts = canary_edition.marts()
    assert set(marts) - set(RULES) == set(), "请在 seeds/access/marts.yml 写明这些结果表谁能看"
    assert set(RULES) - set(marts) == set(), "seeds/access/marts.yml 写了不存在的结果表"
    for table, rule in RULES.items():
        wanted = {rule.division} - {None} | set(rule.same)
        if rule.personal:
            wanted |= set(rule.personal.columns)
            wanted |= {rule.personal.unless.column} if rule.personal.unless else set()
        assert wanted <= set(marts[table]), table
    # whatever can name a household is about households
    for table, columns in marts.items():
        if {"household_id", "person_id", "entity_id"} & set(columns):
            assert RULES[table].personal is not None, table


@pytest.mark.parametrize("broken", ["rows", "personal"])
def test_the_check_sees_a_rule_that_lets_too_much_through(office: Settings, tmp_path: Path, broken: str) -> None:
    change = {"rows": "all", "division": None} if broken == "rows" else {"personal": None}
    loose = {**RULES, "fct_household": RULES["fct_household"].model_copy(update=change)}
    target = tmp_path / "loose.duckdb"
    source = office.published / f"{canary_edition.EDITION}.duckdb"
    cut(source, target, granted("township", A, purpose=None if broken == "personal" else "visit"), loose, b"key")
    found = canary_edition.everything_in(target)
    assert (HOUSEHOLD[A] if broken == "personal" else HOUSEHOLD[B]) in found


def test_views_with_chinese_names_read_the_cut(office: Settings) -> None:
    path = scoped_edition(office, None, granted("township", A))
    with duckdb.connect(str(path), read_only=True) as connection:
        seen = connection.execute('select distinct village_code from "农户"').fetchall()
    assert {code for (code,) in seen} == {A, canary_edition.VILLAGE[A]}


def test_a_change_of_code_keeps_history_and_a_split_does_not_share_it(tmp_path: Path) -> None:
    former, heir, shared = "411521105000", A, "411521106000"
    path = canary_edition.write(tmp_path / "home")
    with duckdb.connect(str(path)) as connection:
        for code in (former, shared):
            connection.execute("insert into marts.dim_division (division_code, level) values (?, 'township')", [code])
            connection.execute("insert into marts.fct_fund (period, division_code) values ('2021-06', ?)", [code])
        connection.execute("update marts.dim_division set predecessor_code = ? where division_code = ?", [former, heir])
        connection.execute("update marts.dim_division set predecessor_code = ? where division_code in (?, ?)",
                           [shared, B, C])  # fmt: skip
    office = Settings(home=tmp_path / "home")
    assert canary_edition.rows_with(scoped_edition(office, None, granted("township", heir)), "fct_fund", former) == 1
    old_account = scoped_edition(office, None, granted("township", former))
    assert canary_edition.rows_with(old_account, "fct_fund", heir) == 1
    assert canary_edition.rows_with(scoped_edition(office, None, granted("township", B)), "fct_fund", shared) == 0


def test_everyone_with_the_same_view_shares_one_file_and_others_do_not(office: Settings) -> None:
    def path(held: Grant) -> Path:
        return scoped_edition(office, None, held)

    one = path(granted("township", A))
    assert path(granted("department", A)) == one
    assert len({one, path(granted("township", B)), path(granted("township", A, purpose="visit"))}) == 3
    assert one.stat().st_mode & 0o777 == 0o444
    assert one.parent.stat().st_mode & 0o777 == 0o700


def test_cuts_of_editions_that_are_gone_are_removed(office: Settings) -> None:
    one = scoped_edition(office, None, granted("township", A))
    stray = one.parent.parent / "2021-01_0001" / "old.duckdb"
    stray.parent.mkdir()
    stray.write_bytes(b"")
    scoped_edition(office, None, granted("township", B))
    assert one.exists() and not stray.exists()


def test_no_room_for_the_cut_is_a_chinese_sentence(office: Settings) -> None:
    office.work.mkdir()
    (office.work / "scoped").write_text("in the way", encoding="utf-8")
    with pytest.raises(GuatuError, match="无法为您准备"):
        scoped_edition(office, None, granted("township", A))


def test_every_role_names_abilities_and_purposes_that_exist() -> None:
    roles = load_roles(PROJECT_ROOT / "seeds")
    assert set(roles.roles) == {"leader", "township", "department", "analyst", "administrator"}
    assert roles.roles["administrator"].households == "none"
    assert all("view" in role.abilities for role in roles.roles.values())
    assert [code for code, role in roles.roles.items() if "manage" in role.abilities] == ["administrator"]
