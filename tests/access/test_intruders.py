"""What somebody who should not be there tries: guessing without names, files past the page's limits, other doors."""

import io
import zipfile

import pytest
from argon2 import PasswordHasher
from canary_edition import A, granted
from streamlit import config

from dashboards.townships.uploads import MOST_FILES, Upload, require_plain, take_in
from orchestration.access import accounts
from orchestration.errors import GuatuError
from orchestration.serve import DAGSTER_HOST, dagster_command
from orchestration.settings import Settings, is_loopback

GOOD = "春耕备耕要抓紧,不误农时"
NAME = "农户台账_411521103000_2018-07.csv"


@pytest.mark.parametrize("login", ["lingshan", "nobody", "closed", "", "x" * 5000])
def test_each_guess_costs_one_check_whoever_it_is_for(office: Settings, monkeypatch, login: str) -> None:
    accounts.add(office, "lingshan", "甲", "township", (A,), password=GOOD)
    accounts.add(office, "closed", "乙", "township", (A,))  # no password: only through an identity provider
    checked = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *given: checked.append(1) or verify(*given))
    assert accounts.verify(office, login, "wrong guess") is None
    assert len(checked) == 1


@pytest.mark.parametrize(
    "name",
    ["../../etc/cron.d/x.csv", "/etc/passwd.csv", "..", ".csv", "a\x00b.csv", "a\nb.csv", "C:\\x\\..\\y.exe",
     "农户台账.xlsm", "农户台账.csv.exe", "表" * 90 + ".csv", ""],
)  # fmt: skip
def test_a_file_name_no_form_has_is_refused(office: Settings, name: str) -> None:
    with pytest.raises(GuatuError) as error:
        take_in(office, granted("administrator"), [Upload(name, b"x")])
    assert error.value.code == "bad_upload"
    assert not (office.work / "uploads").exists() and not office.ledger.exists()


def test_more_files_than_there_are_forms_are_refused() -> None:
    files = [Upload(NAME, b"x")] * MOST_FILES
    require_plain(files)
    with pytest.raises(GuatuError, match=f"至多 {MOST_FILES} 个"):
        require_plain([*files, files[0]])


def test_files_are_no_larger_than_the_server_takes() -> None:
    assert config.get_option("server.maxUploadSize") <= 10


def test_a_bomb_handed_in_on_the_page_is_refused_and_leaves_nothing(office: Settings) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
    name = NAME.replace(".csv", ".xlsx")
    (number,) = take_in(office, granted("township", A), [Upload(name, packed.getvalue())])
    assert number == 1
    assert '"outcome": "refused"' in office.ledger.read_text(encoding="utf-8")
    assert list((office.work / "uploads").iterdir()) == []


ORIGINALS = {
    "乡镇": (granted("township", A), True),
    "部门": (granted("department", A), True),
    "领导": (granted("leader", A), False),
    "分析人员": (granted("analyst"), False),
    "管理员": (granted("administrator"), False),
    "管理员有用途": (granted("administrator", purpose="correction"), True),
}


@pytest.mark.parametrize("who", ORIGINALS)
def test_persons_as_handed_in_go_back_to_whom_they_came_from(who: str) -> None:
    held, may = ORIGINALS[who]
    assert held.may_have_originals is may


@pytest.mark.parametrize("host", ["0.0.0.0", "10.1.2.3", "::"])
def test_dagster_stays_on_this_machine_wherever_the_dashboards_listen(office: Settings, host: str) -> None:
    command = dagster_command(office.model_copy(update={"host": host}))
    assert command[command.index("-h") + 1] == DAGSTER_HOST and is_loopback(DAGSTER_HOST)
    assert host not in command


def test_no_header_is_believed_to_say_who_somebody_is() -> None:
    assert not config.get_option("server.trustedUserHeaders")
    assert config.get_option("server.enableXsrfProtection") and config.get_option("server.enableCORS")
    assert config.get_option("client.showErrorDetails") == "none"
