"""Local accounts: how passwords are kept, what guessing them costs, and when a session is over."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from canary_edition import A
from typer.testing import CliRunner

from orchestration.access import accounts, audit, identity, sessions
from orchestration.cli import app
from orchestration.errors import GuatuError
from orchestration.settings import Settings, now

GOOD = "春耕备耕要抓紧,不误农时"


@pytest.fixture
def person(office: Settings) -> accounts.Account:
    return accounts.add(office, "lingshan", "甲", "township", (A,), password=GOOD, must_change=False)


def _later(monkeypatch: pytest.MonkeyPatch, **much: int) -> None:
    moment = now() + timedelta(**much)
    for module in (accounts, sessions, identity):
        monkeypatch.setattr(module, "now", lambda: moment)


def test_the_file_holds_an_argon2id_hash_and_is_for_the_owner_only(office: Settings, person) -> None:
    path = office.access_folder / "accounts.json"
    text = path.read_text(encoding="utf-8")
    assert "$argon2id$" in text and GOOD not in text
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_the_right_password_opens_and_one_wrong_letter_does_not(office: Settings, person) -> None:
    assert accounts.verify(office, "LingShan", GOOD) is not None  # capitals and width do not matter
    assert accounts.verify(office, "lingshan", GOOD + "。") is None
    assert accounts.verify(office, "nobody", GOOD) is None


def test_wrong_passwords_lock_the_account_for_longer_each_time(office: Settings, person, monkeypatch) -> None:
    for _ in range(accounts.FREE_ATTEMPTS - 1):
        accounts.verify(office, "lingshan", "wrong")
    assert accounts.find(office, "lingshan").locked_until is None
    accounts.verify(office, "lingshan", "wrong")
    assert accounts.verify(office, "lingshan", GOOD) is None  # locked: not even the right one
    first = accounts.find(office, "lingshan").locked_until
    _later(monkeypatch, minutes=2)
    accounts.verify(office, "lingshan", "wrong")
    assert accounts.find(office, "lingshan").locked_until - first > timedelta(minutes=2)
    _later(monkeypatch, minutes=10)
    assert accounts.verify(office, "lingshan", GOOD) is not None
    assert accounts.find(office, "lingshan").failures == 0


def test_the_lock_doubles_up_to_an_hour() -> None:
    minutes = [accounts.lock_time(failures).total_seconds() / 60 for failures in (5, 6, 7, 10, 11, 500)]
    assert minutes == [1, 2, 4, 32, 60, 60]


def test_many_guesses_at_once_are_all_counted(office: Settings, person) -> None:
    with ThreadPoolExecutor(8) as pool:
        guesses = list(pool.map(lambda n: accounts.verify(office, "lingshan", f"guess {n}"), range(8)))
    assert guesses == [None] * 8
    account = accounts.find(office, "lingshan")
    assert account.failures == accounts.FREE_ATTEMPTS and account.locked_until is not None


def test_a_closed_account_does_not_open(office: Settings, person) -> None:
    accounts.set_disabled(office, "lingshan", True)
    assert accounts.verify(office, "lingshan", GOOD) is None
    accounts.set_disabled(office, "lingshan", False)
    assert accounts.verify(office, "lingshan", GOOD) is not None


@pytest.mark.parametrize("password", ["短", "1234567890123", "aaaaaaaaaaaaaaa", "my lingshan pass", "x" * 201])
def test_weak_passwords_are_refused_with_a_reason(office: Settings, password: str) -> None:
    with pytest.raises(GuatuError, match="密码"):
        accounts.add(office, "lingshan", "甲", "township", (A,), password=password)
    assert accounts.accounts(office) == {}


@pytest.mark.parametrize("role, divisions, code", [("king", (A,), "unknown_role"), ("township", (), "division_wanted"),
                                                   ("township", ("4115",), "bad_division")])  # fmt: skip
def test_an_account_needs_a_role_and_a_place(office: Settings, role, divisions, code) -> None:
    with pytest.raises(GuatuError) as error:
        accounts.add(office, "lingshan", "甲", role, divisions, password=GOOD)
    assert error.value.code == code


def test_a_damaged_accounts_file_lets_nobody_in(office: Settings, person) -> None:
    secret = sessions.start(office, "lingshan")
    (office.access_folder / "accounts.json").write_text("{", encoding="utf-8")
    with pytest.raises(GuatuError, match="账号文件"):
        identity.by_secret(office, secret)


def test_a_session_is_known_by_its_secret_and_by_nothing_else(office: Settings, person) -> None:
    secret = sessions.start(office, "lingshan")
    assert identity.by_secret(office, secret).grant.divisions == (A,)
    file = next((office.access_folder / "sessions").glob("*.json"))
    for forged in (None, "", "x", file.stem, secret[:-1], secret + "x", "../accounts", "lingshan"):
        assert identity.by_secret(office, forged) is None
    assert secret not in file.read_text(encoding="utf-8") and secret not in file.name


def test_a_session_signed_out_does_not_come_back(office: Settings, person) -> None:
    secret, other = sessions.start(office, "lingshan"), sessions.start(office, "lingshan")
    sessions.end(office, secret)
    assert identity.by_secret(office, secret) is None
    assert identity.by_secret(office, other) is not None
    sessions.end_all(office, "lingshan")
    assert identity.by_secret(office, other) is None


def test_a_session_ends_when_idle_and_when_old(office: Settings, person, monkeypatch) -> None:
    idle, used = sessions.start(office, "lingshan"), sessions.start(office, "lingshan")
    path = office.access_folder / "sessions" / f"{sessions.key_of(idle)}.json"
    long_ago = time.time() - 60 * office.session_idle_minutes - 5
    os.utime(path, (long_ago, long_ago))
    assert identity.by_secret(office, idle) is None
    os.utime(path)  # being touched again does not bring it back
    assert identity.by_secret(office, idle) is None
    assert identity.by_secret(office, used) is not None
    _later(monkeypatch, hours=office.session_hours, minutes=1)
    assert identity.by_secret(office, used) is None


def test_what_an_administrator_changes_holds_at_once(office: Settings, person) -> None:
    secret = sessions.start(office, "lingshan")
    accounts.change_role(office, "lingshan", "analyst", ())
    assert identity.by_secret(office, secret).grant.role == "analyst"
    accounts.set_disabled(office, "lingshan", True)
    assert identity.by_secret(office, secret) is None


def test_a_purpose_opens_households_for_a_limited_time(office: Settings, person, monkeypatch) -> None:
    secret = sessions.start(office, "lingshan")
    assert identity.by_secret(office, secret).grant.households == "masked"
    sessions.state_purpose(office, secret, "visit", minutes=60)
    assert identity.by_secret(office, secret).grant.households == "open"
    _later(monkeypatch, minutes=61)
    assert identity.by_secret(office, secret).grant.households == "masked"


def _claims(**change: object) -> dict[str, object]:
    return {"iss": "https://id.example", "sub": "u1", "email": "lingshan", "iat": int(time.time()), **change}


def test_an_outside_identity_needs_an_account_and_ends_like_a_session(office: Settings, person, monkeypatch) -> None:
    claims = _claims()
    visitor = identity.by_claims(office, claims)
    assert visitor.grant.role == "township"
    assert identity.by_claims(office, claims) is not None  # every run of a page shows them again
    assert [entry["what"] for entry in audit.read(office)] == ["sign_in"]
    with pytest.raises(GuatuError, match="没有为您开通账号"):
        identity.by_claims(office, _claims(email="stranger"))
    sessions.end(office, visitor.secret)
    assert identity.by_claims(office, claims) is None  # the same signed cookie shown again
    assert identity.by_claims(office, _claims(iat=int(time.time()) + 1)) is not None  # signed in anew
    old = int(time.time()) - office.session_hours * 3600 - 10
    assert identity.by_claims(office, _claims(iat=old)) is None


@pytest.mark.parametrize("change", [{"iat": None}, {"iat": "now"}, {"iat": float("nan")}, {"sub": ""}, {"email": None},
                                    {"email_verified": False}])  # fmt: skip
def test_claims_that_say_too_little_are_refused(office: Settings, person, change) -> None:
    assert identity.by_claims(office, _claims(**change)) is None


def test_the_command_line_adds_lists_and_closes(office: Settings) -> None:
    run, home = CliRunner().invoke, ["--home", str(office.root)]
    made = run(app, ["user", "add", "fenxi", "--role", "analyst", "--password-stdin", *home], input=f"{GOOD}\n")
    assert made.exit_code == 0, made.output
    assert "fenxi" in run(app, ["user", "list", *home]).output
    secret = sessions.start(office, "fenxi")
    assert run(app, ["user", "disable", "fenxi", *home]).exit_code == 0
    assert sessions.find(office, secret) is None
    assert run(app, ["user", "enable", "fenxi", *home]).exit_code == 0
    role = ["user", "role", "fenxi", "--role", "township", "--division", A]
    assert run(app, [*role, *home]).exit_code == 0
    assert (
        run(app, ["user", "passwd", "fenxi", "--password-stdin", *home], input="另一句够长的口令,记得住\n").exit_code
        == 0
    )
    changes = [entry["change"] for entry in audit.read(office)]
    assert changes == ["password", "role township", "enable", "disable", "add"]
    shown = run(app, ["audit", *home])
    assert shown.exit_code == 0 and "账号变更" in shown.output
    assert f"共 5 条,末条校验值 {next(audit.read(office))['chain']}" in shown.output
    assert GOOD not in office.audit.read_text(encoding="utf-8")


def test_sql_for_an_account_sees_what_the_account_sees(office: Settings) -> None:
    accounts.add(office, "bumen", "乙", "department", (A,), password=GOOD)
    run, home = CliRunner().invoke, ["--home", str(office.root)]
    sql = ["sql", "select household_id, net_income_per_capita from fct_household", "--format", "csv", *home]
    whole, cut = run(app, sql), run(app, [*sql, "--as", "bumen"])
    assert (whole.exception, cut.exception) == (None, None)
    everything, own = whole.stdout_bytes, cut.stdout_bytes
    assert b"CANARYHOUSEA" in everything and b"CANARYHOUSEB" in everything and b"51713.38" in everything
    assert b"CANARY" not in own and b"41711.37" not in own and own.count(b"\n") == 3
    entry = next(audit.read(office))
    assert (entry["who"], entry["what"], entry["tables"]) == ("bumen", "sql", "fct_household")
    refused = run(app, [*sql, "--as", "nobody"])
    assert refused.exception.code == "unknown_account"


def test_what_a_statement_says_of_people_is_not_in_the_record(office: Settings) -> None:
    accounts.add(office, "fenxi", "乙", "analyst", password=GOOD)
    query = "select * from fct_household where household_id = 'CANARYHOUSEA'"
    CliRunner().invoke(app, ["sql", query, "--as", "fenxi", "--home", str(office.root)])
    CliRunner().invoke(app, ["sql", 'select * from "CANARYHOUSEB"', "--as", "fenxi", "--home", str(office.root)])
    assert len(list(audit.read(office))) == 2
    assert "CANARY" not in office.audit.read_text(encoding="utf-8")


def test_times_in_the_file_are_readable(office: Settings, person) -> None:
    record = json.loads((office.access_folder / "accounts.json").read_text(encoding="utf-8"))["accounts"][0]
    assert abs(datetime.fromisoformat(record["created_at"]) - now()) < timedelta(minutes=1)
