"""A small edition of every mart of the contract, with canaries: strings that must never reach who may not see them.

Two townships of one county and one township of another, a village each. In every mart that has a division, each village
(and its township) has a row whose free text names it; rows about households carry canaries of their own.
"""

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.access.roles import Grant, grant, load_roles
from orchestration.access.rules import load_rules
from orchestration.settings import PROJECT_ROOT

COUNTY, OTHER_COUNTY = "411521000000", "520521000000"
A, B, C = "411521103000", "411521104000", "520521101000"
VILLAGE = {A: "411521103201", B: "411521104201", C: "520521101201"}
EDITION = "2022-06_0001"

HOUSEHOLD = {A: "CANARYHOUSEA", B: "CANARYHOUSEB", C: "CANARYHOUSEC"}
"""Household numbers."""
TEXT = {A: "CANARYTEXTA", B: "CANARYTEXTB", C: "CANARYTEXTC"}
"""What messages, reasons and rejected cells say of a household."""
PLACE = {A: "CANARYPLACEA", B: "CANARYPLACEB", C: "CANARYPLACEC"}
"""What rows about no household carry: seen by who may see the division."""
INCOME = {A: Decimal("41711.37"), B: Decimal("51713.38"), C: Decimal("61717.39")}
EXACT = {code: str(amount) for code, amount in INCOME.items()}


def granted(role: str, *divisions: str, purpose: str | None = None) -> Grant:
    """The grant of somebody in this role."""
    return grant(load_roles(PROJECT_ROOT / "seeds"), f"{role}1", "某人", role, divisions, purpose)


def marts() -> dict[str, dict[str, str]]:
    """Columns and their types by mart, from the contract."""
    path = PROJECT_ROOT / "dbt_project" / "models" / "marts" / "_marts.yml"
    models = yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
    return {model["name"]: {c["name"]: c["data_type"] for c in model["columns"]} for model in models}


def write(home: Path, extra: dict[str, dict[str, str]] | None = None) -> Path:
    """Publishes the edition as the only one; ``extra`` adds marts. Returns its file."""
    published = home / "published"
    published.mkdir(parents=True)
    path = published / f"{EDITION}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        for table, columns in {**marts(), **(extra or {})}.items():
            spelled = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            connection.execute(f'create table marts."{table}" ({spelled})')
            for row in _rows(table, columns):
                marks = ", ".join("?" * len(columns))
                connection.execute(f'insert into marts."{table}" values ({marks})', list(row.values()))
        connection.execute('create view "农户" as select * from marts.fct_household')
        connection.execute("create view fct_household as select * from marts.fct_household")
    record = {"edition_id": EDITION, "period": "2022-06", "as_of": "2022-07-06T08:00:00", "sequence": 1,
              "published_at": "2022-07-06T09:00:00", "tables": {}, "table_hashes": {},
              "logical_hash": "0" * 64}  # fmt: skip
    path.with_suffix(".json").write_text(json.dumps(record), encoding="utf-8")
    os.symlink(path.name, published / "current.duckdb")
    return path


def _rows(table: str, columns: dict[str, str]) -> list[dict[str, Any]]:
    if table == "dim_division":
        return [_division(columns, code) for code in (COUNTY, OTHER_COUNTY, A, B, C, *VILLAGE.values())]
    if table.startswith("dim_"):
        return [{name: _blank(name, kind) for name, kind in columns.items()}]
    places = [(code, town) for town in (A, B, C) for code in (town, VILLAGE[town])]
    rows = [_fact(table, columns, code, town) for code, town in places]
    if table in ("fct_indicator", "fct_milestone", "fct_fund"):
        rows.append(_fact(table, columns, COUNTY, None))
    return rows


def _division(columns: dict[str, str], code: str) -> dict[str, Any]:
    county = code[:6] + "000000"
    level = "county" if code == county else "township" if code.endswith("000") else "village"
    row = {
        "division_code": code, "name": code, "level": level, "province_code": code[:2] + "0" * 10,
        "prefecture_code": code[:4] + "0" * 8, "county_code": county,
        "township_code": None if level == "county" else code[:9] + "000",
    }  # fmt: skip
    return {name: row.get(name) for name in columns}


def _fact(table: str, columns: dict[str, str], code: str, town: str | None) -> dict[str, Any]:
    rule = load_rules(PROJECT_ROOT / "seeds").get(table)
    row = {name: _blank(name, kind) for name, kind in columns.items()}
    # a whole ranking is open to those who take part in it
    own = rule is not None and rule.division in ("division_code", "village_code", "scope_code")
    mark = PLACE[town] if town and own and table != "fct_ranking" else "OPENTOMORE"
    free = next((n for n in ("note", "department", "unit", "name", "title", "message", "trigger", "branch",
                             "round_code", "checkpoint_md", "fund_type", "template", "reason", "file_name")
                 if columns.get(n) == "varchar"), None)  # fmt: skip
    if free:
        row[free] = mark
    for name in ("division_code", "village_code", "scope_code"):
        if name in columns:
            row[name] = code
    if "county_code" in columns:
        row["county_code"] = code[:6] + "000000"
    if "submission_id" in columns:
        row["submission_id"] = int(code)
    if "scheme" in columns and table == "fct_ranking":
        row["scheme"] = f"scheme-{code[:6]}"
    if town and rule is not None and rule.personal is not None:
        row |= _personal(table, town)
    return row


def _personal(table: str, town: str) -> dict[str, Any]:
    match table:
        case "fct_household":
            return {"household_id": HOUSEHOLD[town], "net_income_per_capita": INCOME[town]}
        case "fct_finding":
            return {"entity_type": "household", "entity_id": HOUSEHOLD[town], "message": TEXT[town],
                    "finding_id": f"shared:{HOUSEHOLD[town]}"}  # fmt: skip
        case "fct_list":
            return {"list": "loans_due", "entity_id": HOUSEHOLD[town], "reason": TEXT[town]}
        case "fct_rejected_row":
            return {"value": TEXT[town]}
    raise AssertionError(f"{table} 有个人一级的行,请在此说明怎样放进标记")


def _blank(name: str, kind: str) -> Any:
    if kind.startswith("varchar"):
        return "2022-06" if name in ("period", "edition_period") else f"x-{name}"
    return None


def everything_in(path: Path) -> str:
    """All that a database file gives away: its bytes, and every cell of every table and view."""
    texts = [path.read_bytes().decode("latin-1")]
    with duckdb.connect(str(path), read_only=True) as connection:
        names = connection.execute(
            "select schema_name, table_name from duckdb_tables() "
            "union all select schema_name, view_name from duckdb_views() where not internal"
        ).fetchall()
        for schema, table in names:
            texts.append(str(connection.execute(f'select * from "{schema}"."{table}"').fetchall()))
    return "\n".join(texts)


def rows_with(path: Path, table: str, code: str) -> int:
    """Rows of a mart in a division, by its division column."""
    column = load_rules(PROJECT_ROOT / "seeds")[table].division
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(f'select count(*) from marts."{table}" where "{column}" = ?', [code]).fetchone()[0]
