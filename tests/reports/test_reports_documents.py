"""Every kind of official document: words from the edition, PDF and DOCX saying the same, in the form of GB/T 9704."""

import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

import docx
import duckdb
import pytest
import yaml
from docx.oxml.ns import qn
from docx.shared import Mm
from pypdf import PdfReader
from sample_edition import TOWN

from orchestration.errors import GuatuError
from orchestration.reports import make_reports
from orchestration.reports.blocks import Column, Paragraph, Section, Table
from orchestration.reports.document import Document
from orchestration.reports.kinds import load_kinds
from orchestration.reports.pdf import as_pdf
from orchestration.reports.word import as_docx
from orchestration.settings import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "seeds"
Made = Callable[..., dict[str, str]]


def pdf_text(path: Path) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(path).pages).split())


def docx_text(path: Path) -> str:
    """Paragraphs and table cells in the order of the document, without white space."""
    body = docx.Document(str(path)).element.body
    return "".join("".join(node.text or "" for node in body.iter(qn("w:t"))).split())


@pytest.fixture
def made(edition: Path, tmp_path: Path) -> Made:
    """Makes documents of one kind; file name → text of the PDF."""

    def make(kind: str, period: str = "2018-07", **options: object) -> dict[str, str]:
        files = make_reports(edition, period, tmp_path, kinds=[kind], **options)
        return {path.name: pdf_text(path) for path in files if path.suffix == ".pdf"}

    return make


@pytest.fixture(scope="session")
def everything(edition: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """All documents of the township's month, public ones too."""
    folder = tmp_path_factory.mktemp("everything")
    files = make_reports(edition, "2018-07", folder, kinds=[], as_csv=True)
    return [*files, *make_reports(edition, "2018-07", folder, public=True)]


def test_every_kind_is_made_for_the_township_but_the_interview_nobody_is_called_to(everything: list[Path]) -> None:
    names = {path.stem.rsplit("_", 1)[-1] for path in everything if path.suffix == ".docx"}
    assert names == {kind.name for kind in load_kinds(SEEDS).values()} - {"约谈建议书"}


def test_word_and_pdf_say_the_same(everything: list[Path]) -> None:
    for word in [path for path in everything if path.suffix == ".docx"]:
        pdf = pdf_text(word.with_suffix(".pdf"))
        assert len(PdfReader(word.with_suffix(".pdf")).pages) >= 1
        for cell in docx.Document(str(word)).element.body.iter(qn("w:p")):
            said = "".join("".join(node.text or "" for node in cell.iter(qn("w:t"))).replace("█", "").split())
            if said and len(said) <= 8:  # longer ones may be broken by a page's footer
                assert said in pdf, f"{word.name}: {said}"


def test_every_document_carries_edition_as_of_and_day(everything: list[Path]) -> None:
    for word in [path for path in everything if path.suffix == ".docx"]:
        opened = docx.Document(str(word))
        assert "2018年7月" in docx_text(word)
        assert "2022年7月6日" in docx_text(word), "成文日期 is the day of the as-of time"
        for footer in (opened.sections[0].footer, opened.sections[0].even_page_footer):
            said = "".join(paragraph.text for paragraph in footer.paragraphs)
            assert "数据版本 2022-06_0003 · 数据截至 2022年7月6日10时05分" in said
        assert (opened.core_properties.created, opened.core_properties.author) == (
            opened.core_properties.modified,
            "罗山县灵山镇",
        )


def test_nobody_is_named_in_any_document(everything: list[Path]) -> None:
    for path in everything:
        if path.suffix == ".pdf":
            assert "张三丰" not in pdf_text(path)
        elif path.suffix in (".docx", ".xlsx"):
            with zipfile.ZipFile(path) as package:
                assert not any("张三丰".encode() in package.read(name) for name in package.namelist()), path.name
        else:
            assert "张三丰".encode() not in path.read_bytes()


def test_made_again_every_file_has_the_same_bytes(everything: list[Path], edition: Path, tmp_path: Path) -> None:
    again = make_reports(edition, "2018-07", tmp_path, kinds=[], as_csv=True)
    again += make_reports(edition, "2018-07", tmp_path, public=True)
    assert {path.name: path.read_bytes() for path in again} == {path.name: path.read_bytes() for path in everything}


def test_layout_is_that_of_the_standard(everything: list[Path]) -> None:
    (word,) = [path for path in everything if path.name.endswith("月度通报.docx")]
    opened = docx.Document(str(word))
    section = opened.sections[0]
    assert [round(side.mm) for side in (section.page_width, section.page_height)] == [210, 297]
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    assert round((section.page_width - section.left_margin - section.right_margin) / Mm(1)) == 156
    assert opened.settings.odd_and_even_pages_header_footer
    faces = {
        name: opened.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("公文标题", "一级标题", "二级标题", "正文仿宋")
    }
    assert list(faces.values()) == ["方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"]
    assert opened.styles["公文标题"].font.size.pt == 22 and opened.styles["正文仿宋"].font.size.pt == 16
    assert 'w:instrText xml:space="preserve"> PAGE ' in section.footer._element.xml
    headed = [table for table in opened.tables if table.rows[0].cells[0].paragraphs[0].style.name == "表头"]
    assert headed and all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in headed)


def test_the_number_is_left_to_the_office(made: Made, edition: Path, tmp_path: Path) -> None:
    (text,) = made("red_black").values()
    assert "〔2022〕" in text and "〔2022〕1" not in text
    (text,) = made("red_black", number="灵政〔2022〕12号").values()
    assert "灵政〔2022〕12号" in text
    with pytest.raises(GuatuError) as raised:
        make_reports(edition, "2018-07", tmp_path, kinds=[], number="灵政〔2022〕12号")
    assert raised.value.code == "one_document_wanted"


def test_an_interview_proposal_names_unit_reason_clause_and_places_of_the_year(made: Made) -> None:
    files = made("interview", "2022-06")
    assert list(files) == ["520526000000_bijie-2022_约谈建议书.pdf"]
    (text,) = files.values()
    assert "建议对威宁彝族回族苗族自治县单位（县）主要领导予以约谈" in text
    assert "“连续三个月排名靠后的,约谈主要负责同志”" in text
    assert "2022年6月衔接资金支出进度月排名40.50717" in text
    assert "六月底支出进度（2022年6月30日）：要求不低于50.00%或高于全省平均，实际40.50%，差9.50个百分点" in text
    assert "审定意见" in text


def test_settlement_counts_what_stands_and_leaves_room_to_sign(made: Made) -> None:
    (text,) = made("settlement").values()
    assert "合计55000" in text, "3 + 3 万元 less 5,000; the absorbed 2,000 is listed and not counted"
    assert "-2000—并入较重处理" in text
    assert "审核意见" in text and "签字" in text


@pytest.mark.parametrize("lines", [6, 8, 10])
def test_places_to_sign_stand_on_one_page_with_heading_and_signature(lines: int, tmp_path: Path) -> None:
    steps = [["拟办", ""], ["审核", ""], ["审定", ""]]
    signing = Table("", [Column("环节"), Column("意见")], steps, row_height=16)
    document = Document(
        "table", "2022-06_0002", "2022-06", datetime(2022, 7, 15), "", "", "奖惩兑现建议表", "", "",
        [Section("依据", [Paragraph("条款原文。")] * lines), Section("会签", [signing])],
        "领导小组", "2022年7月15日", "版本", landscape=True,
    )  # fmt: skip
    pdf, word = tmp_path / "a.pdf", tmp_path / "a.docx"
    pdf.write_bytes(as_pdf(document))
    pages = ["".join(page.extract_text().split()) for page in PdfReader(pdf).pages]
    assert sum(text in page for page in pages for text in ("会签", "拟办", "审核", "审定", "领导小组")) == 5
    assert [page for page in pages if "会签" in page and "拟办" in page and "审定" in page and "领导小组" in page]
    word.write_bytes(as_docx(document))
    table = docx.Document(str(word)).tables[-1]
    assert all(row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in table.rows)


def test_consequences_that_follow_no_ranking_are_named_by_their_kind(edition: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(edition.resolve().read_bytes())
    copy.chmod(0o644)
    with duckdb.connect(str(copy)) as connection:
        connection.execute(
            "insert into marts.fct_action select * replace ('unqualified' as ranking, 'veto_relapse' as trigger, "
            "null as rank) from marts.fct_action where amount = -5000"
        )
    files = make_reports(copy, "2018-07", tmp_path / "out", kinds=["settlement", "monthly"])
    assert "一票否决" in pdf_text(files[0]) and "unqualified" not in pdf_text(files[0])


def test_red_and_black_keep_ties_and_leave_out_who_is_in_both(made: Made, edition: Path, tmp_path: Path) -> None:
    (text,) = made("red_black").values()
    red, black = text.split("二、黑榜")
    assert "第2名甲村" in red and "第2名乙村" in red and "第6名丙村" in black
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(edition.resolve().read_bytes())
    copy.chmod(0o644)
    with duckdb.connect(str(copy)) as connection:
        connection.execute("update marts.fct_ranking set rank_from_bottom = 3 where division_code = '411521103201'")
    pdf = next(path for path in make_reports(copy, "2018-07", tmp_path / "tie", kinds=["red_black"]))
    text = pdf_text(pdf)
    assert "第2名甲村" not in text and "不列榜、待研究的：甲村" in text
    with duckdb.connect(str(copy)) as connection:
        connection.execute("update marts.fct_ranking set ranked_units = 5")
    assert "参评单位不足" in pdf_text(make_reports(copy, "2018-07", tmp_path / "few", kinds=["red_black"])[0])


def test_a_return_notice_goes_to_each_submitter_with_what_to_mend(made: Made) -> None:
    files = made("return_notice")
    assert sorted(files) == [
        f"{TOWN}_lingshan-2018_退回整改通知.pdf",
        "411521103204_lingshan-2018_退回整改通知.pdf",
    ]
    text = files[f"{TOWN}_lingshan-2018_退回整改通知.pdf"]
    assert "户主证件号码：证件号码应为15位数字" in text
    assert "4、5、6、7、8、9、10、11、12、13、14、15等14行" in text
    assert "已过" in text, "the period's due day was years before the edition"
    assert "缺少列" in files["411521103204_lingshan-2018_退回整改通知.pdf"]


def test_a_file_replaced_by_a_later_one_is_not_returned_again(edition: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(edition.resolve().read_bytes())
    copy.chmod(0o644)
    with duckdb.connect(str(copy)) as connection:
        connection.execute(
            "insert into marts.fct_submission values (9, 'e', 'n.xlsx', 'persons', '411521103000', '2018-07', "
            "'2018-08-05 09:00:00', 'accepted', 300, 300, 0, 0, null)"
        )
    names = [path.name for path in make_reports(copy, "2018-07", tmp_path / "out", kinds=["return_notice"])]
    assert names and all(name.startswith(TOWN) for name in names)


def test_a_village_checkup_counts_households_and_has_a_page_each(made: Made) -> None:
    (text,) = made("village_checkup").values()
    assert "贫困发生率2.50%/2.00%未达标" in text
    # of four registered households: one fails on income, one unknown in medical care
    assert "未达标10000001" in text and "未知00001001" in text
    assert "2个，已竣工1个，逾期1个，计划投资150.00万元，已支付90.00万元" in text
    assert made("village_checkup", "2022-06") == {}, "a prefecture's villages are printed township by township"


def test_quarter_puts_months_side_by_side(made: Made) -> None:
    (text,) = made("quarterly", "2022-06").values()
    assert "关于2022年第二季度考核情况的通报" in text
    assert "各县（自治县、市、区）：" in text, "the recipients are those of the scheme's own clause"
    assert "实行月调度、月排名、季通报" in text
    assert "本季度到期节点13项次" in text


def test_supervision_says_which_half_and_lists_what_the_scheme_lists(made: Made) -> None:
    (text,) = made("supervision").values()
    assert "关于2018年7月下半月督查情况的通报" in text
    assert "各村（街）、各部门：" in text
    assert "丙村丙村饮水工程31" in text


def test_public_edition_publishes_no_undecided_proposal(made: Made, edition: Path, tmp_path: Path) -> None:
    (text,) = made("public_monthly").values()
    assert "免职" not in text and "扣减" not in text and "未经审定，不予公示" in text
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(edition.resolve().read_bytes())
    copy.chmod(0o644)
    with duckdb.connect(str(copy)) as connection:
        connection.execute(
            "update marts.fct_action set state = 'confirmed' where kind = 'deduction' and amount = -5000"
        )
    text = pdf_text(make_reports(copy, "2018-07", tmp_path / "out", public=True)[0])
    assert "扣减-5000LS2018-21" in text and "免职" not in text


def test_csv_annex_has_a_bom_and_no_live_formula(edition: Path, tmp_path: Path) -> None:
    files = make_reports(edition, "2022-06", tmp_path, as_csv=True)
    (funds,) = [path for path in files if path.name.endswith("附表_资金.csv")]
    content = funds.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert "'=黔财农〔2022〕1号".encode() in content


def test_a_new_kind_is_one_file(edition: Path, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    (seeds / "reports").mkdir(parents=True)
    (seeds / "reference").symlink_to(SEEDS / "reference")
    kind = yaml.safe_load((SEEDS / "reports" / "red_black.yml").read_text(encoding="utf-8"))
    kind |= {"kind": "week", "name": "一周要情", "title": "{division}一周要情", "sections": ["standing", "asks"]}
    (seeds / "reports" / "week.yml").write_text(yaml.safe_dump(kind, allow_unicode=True), encoding="utf-8")
    pdf, _ = make_reports(edition, "2018-07", tmp_path / "out", kinds=["一周要情"], seeds=seeds)
    assert "罗山县灵山镇一周要情" in pdf_text(pdf)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"sections": ["weather"]}, "weather"),
        ({"title": "{mayor}的通报"}, "mayor"),
        ({"per": "acted_unit"}, "action_kinds"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_kind_that_cannot_be_used_is_named(tmp_path: Path, change: dict[str, object], word: str) -> None:
    (tmp_path / "reports").mkdir()
    kind = yaml.safe_load((SEEDS / "reports" / "red_black.yml").read_text(encoding="utf-8")) | change
    (tmp_path / "reports" / "red_black.yml").write_text(yaml.safe_dump(kind, allow_unicode=True), encoding="utf-8")
    with pytest.raises(GuatuError) as raised:
        load_kinds(tmp_path)
    assert raised.value.code == "bad_report_kind"
    assert word in raised.value.message_zh and "red_black.yml" in raised.value.message_zh


@pytest.mark.parametrize(
    ("options", "code"),
    [({"kinds": ["poem"]}, "unknown_report_kind"), ({"kinds": ["interview"], "public": True}, "kind_not_public")],
)
def test_kinds_that_cannot_be_had(edition: Path, tmp_path: Path, options: dict, code: str) -> None:
    with pytest.raises(GuatuError) as raised:
        make_reports(edition, "2018-07", tmp_path, **options)
    assert raised.value.code == code


def test_the_package_of_a_docx_has_one_date(everything: list[Path]) -> None:
    word = next(path for path in everything if path.suffix == ".docx")
    with zipfile.ZipFile(BytesIO(word.read_bytes())) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_month_not_approved_says_so_on_every_page(made: Made) -> None:
    (approved,) = made("monthly", division=TOWN, is_provisional=lambda code: False).values()
    (waiting,) = made("monthly", division=TOWN, is_provisional=lambda code: code == TOWN).values()
    assert "暂定" not in approved and waiting.count("暂定（未核定）") > 1


def _foot(path: Path) -> tuple[list[str], int]:
    """The lines of a PDF's last page and how many pages there are."""
    pages = PdfReader(path).pages
    return ["".join(line.split()) for line in pages[-1].extract_text().splitlines()], len(pages)


def test_imprint_stands_on_the_last_page_which_is_an_even_one(everything: list[Path]) -> None:
    printed = {path.name.rsplit("_", 1)[-1]: path for path in everything if path.suffix == ".pdf"}
    lines, pages = _foot(printed["半月督查通报.pdf"])
    assert pages % 2 == 0
    assert "抄送：罗山县。" in lines, "the division above"
    assert any(line.startswith("镇脱贫攻坚督查巡查组") and line.endswith("2022年7月6日印发") for line in lines)
    lines, pages = _foot(printed["月度通报.pdf"])
    assert pages % 2 == 0 and any(line == "罗山县灵山镇2022年7月6日印发" for line in lines), (
        "no sender named: the issuer"
    )
    for kind in ("考核情况公示.pdf", "村级体检表.pdf", "奖惩兑现建议表.pdf"):
        assert not any("印发" in line for line in _foot(printed[kind])[0]), "put up or signed, not printed and sent"


def test_imprint_of_the_word_document_stands_at_the_page_foot(everything: list[Path]) -> None:
    (word,) = [path for path in everything if path.name.endswith("月度通报.docx")]
    table = docx.Document(str(word)).tables[-1]
    assert table.rows[0].cells[0].text == "抄送：罗山县。"
    assert [cell.text for cell in table.rows[1].cells] == ["罗山县灵山镇", "2022年7月6日印发"]
    place = table._tbl.tblPr.find(qn("w:tblpPr"))
    assert (place.get(qn("w:vertAnchor")), place.get(qn("w:tblpYSpec"))) == ("margin", "bottom")
    weights = {side.tag.rsplit("}")[-1]: side.get(qn("w:sz")) for side in table._tbl.tblPr.find(qn("w:tblBorders"))}
    assert weights == {"top": "8", "bottom": "8", "insideH": "6"}, "0.35 and 0.25 mm in eighths of a point"


def test_half_month_may_be_written_from_the_month_at_hand_and_says_so(made: Made) -> None:
    (text,) = made("supervision", spoken_of="2018年8月上半月").values()
    assert "关于2018年8月上半月督查情况的通报" in text
    assert "所列为2018年7月的报送数据，截至2022年7月6日10时05分" in text


def test_village_checkups_of_a_county_are_a_document_a_township(edition: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(edition.resolve().read_bytes())
    copy.chmod(0o644)
    with duckdb.connect(str(copy)) as connection:
        (county,) = connection.execute(
            "select parent_code from marts.dim_division where division_code = $1", [TOWN]
        ).fetchone()
        connection.execute("update marts.dim_scheme set division_code = $1 where scheme = 'lingshan-2018'", [county])
    files = make_reports(copy, "2018-07", tmp_path / "out", division=county, kinds=["village_checkup"])
    printed = [path.name for path in files if path.suffix == ".pdf"]
    assert printed == [f"{code}_lingshan-2018_村级体检表.pdf" for code in (TOWN, "411521104000")]
    assert "贫困发生率2.50%/2.00%未达标" in pdf_text(files[0])
