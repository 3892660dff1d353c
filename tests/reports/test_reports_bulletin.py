"""The bulletin says what the edition holds: figures, ties, absences, proposals — and nothing about persons."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest
from pypdf import PdfReader
from sample_edition import PREFECTURE, TOWN, build_sample_edition

from orchestration.errors import GuatuError
from orchestration.reports import make_reports


def text_of(path: Path) -> str:
    """All text of a PDF without white space: line breaks fall anywhere in Chinese."""
    return "".join("".join(page.extract_text() for page in PdfReader(path).pages).split())


def query(edition: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(edition.resolve()), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def two_decimals(value: Decimal) -> str:
    return str(Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def test_files_are_named_by_division_and_scheme(town: dict[str, Path]) -> None:
    assert town[".pdf"].name == f"{TOWN}_lingshan-2018_月度通报.pdf"
    assert town[".xlsx"].name == f"{TOWN}_lingshan-2018_附表.xlsx"
    assert town[".pdf"].parent.name == "2018-07"
    assert not list(town[".pdf"].parent.glob(".*")), "no half-written neighbour may stay behind"


def test_every_indicator_of_the_division_is_printed_as_stored(edition: Path, prefecture: dict[str, Path]) -> None:
    text = text_of(prefecture[".pdf"])
    rows = query(edition, f"select value from marts.fct_indicator where division_code = '{PREFECTURE}'")
    assert rows
    for (value,) in rows:
        assert f"{two_decimals(value * 100)}%" in text
    # 0.52345 is 52.35 % and rose from 41.005 %: half up, on the unrounded difference
    assert "衔接资金支出进度52.35%，较上月上升11.34个百分点" in text


def test_every_score_and_rank_is_printed_and_ties_stay_ties(edition: Path, prefecture: dict[str, Path]) -> None:
    text = text_of(prefecture[".pdf"])
    rows = query(
        edition,
        """
        select d.name, r.score, r.rank, count(*) over (partition by r.rank) > 1 as shared
        from marts.fct_ranking r join marts.dim_division d using (division_code)
        where scheme = 'bijie-2022' and rank is not null
        """,
    )
    assert len(rows) == 7
    for name, score, rank, shared in rows:
        assert f"{'并列' if shared else ''}{rank}{name}{two_decimals(score)}" in text
    assert "50.01" in text, "50.005 is rounded half up"


def test_a_rank_among_a_wider_population_says_so(town: dict[str, Path]) -> None:
    text = text_of(town[".pdf"])
    assert "排名范围为罗山县全部参评单位，参评6个单位，其中灵山镇3个：甲村第2名、乙村第2名、丙村第6名。" in text


def test_a_long_ranking_shows_both_ends_and_says_what_it_leaves_to_the_annex(edition: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(edition.resolve().read_bytes())
    copy.chmod(0o644)
    with duckdb.connect(str(copy)) as connection:
        connection.execute(
            """
            insert into marts.dim_division
            select '4115211030' || lpad(place::varchar, 2, '0'), '第' || place || '村', 'village', '411521103000'
            from range(1, 61) as places(place);
            delete from marts.fct_ranking where scheme = 'lingshan-2018';
            insert into marts.fct_ranking
            select 'lingshan-2018', 'round-2018-07', '2018-07', null, 'all', division_code, 100 - rank, 'ranked',
                rank, 61 - rank, 60, null, null, null
            from (select division_code, row_number() over (order by division_code) as rank
                  from marts.dim_division where division_code like '4115211030%' and level = 'village');
            """
        )
    pdf, _, annex = make_reports(copy, "2018-07", tmp_path / "out", kinds=["monthly"])
    text = text_of(pdf)
    assert "1第1村99.00" in text and "60第60村40.00" in text
    assert "30第30村" not in text
    assert "共60个单位，此处列40个，其余见附表。" in text
    names = [row[2].value for row in openpyxl.load_workbook(annex)["排名"].iter_rows(min_row=4)]
    assert names == [f"第{place}村" for place in range(1, 61)]


def test_missing_is_said_and_never_zero(town: dict[str, Path], prefecture: dict[str, Path]) -> None:
    text = text_of(town[".pdf"])
    assert "未参评1个，不列名次：丁村。" in text
    assert "丁村0" not in text
    assert "达目标1、未达底线1、未报送1" in text
    assert "非贫困村集体经济收入未达目标的有乙村" in text, "without a floor one can only miss the target"
    expenditure = text_of(prefecture[".pdf"])
    assert "赫章县0.00" not in expenditure
    assert "项目开工率" not in expenditure, "an indicator the scheme does not use is not reported"


def test_an_indicator_without_value_reads_not_reported(edition: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(edition.resolve().read_bytes())
    copy.chmod(0o644)
    with duckdb.connect(str(copy)) as connection:
        connection.execute(
            f"""
            update marts.fct_indicator set value = null, state = 'missing'
            where division_code = '{PREFECTURE}' and indicator_code = 'linkage_expenditure_rate'
            """
        )
    text = text_of(make_reports(copy, "2022-06", tmp_path / "out")[0])
    assert "衔接资金支出进度未报送，不以零计" in text
    assert "52.35" not in text


def test_milestones_name_who_missed_and_the_daily_pace(edition: Path, prefecture: dict[str, Path]) -> None:
    text = text_of(prefecture[".pdf"])
    # 13 answers were due on 06-30: 3 + 6 met, 2 + 1 missed, 1 without a report; September is not due
    assert "已到期节点13项次，其中已达标9项次、未达标3项次、未报送1项次。" in text
    assert "未达标单位：七星关区、大方县、威宁彝族回族苗族自治县。" in text
    # (0.75 - 0.405) / 92 days
    assert "威宁彝族回族苗族自治县日均需0.38个百分点" in text
    assert "不低于50.00%或高于全省平均" in text


def test_proposals_are_marked_quoted_and_summed(edition: Path, town: dict[str, Path]) -> None:
    text = text_of(town[".pdf"])
    assert "奖惩建议（建议，待审定）" in text
    assert "仅为建议，未经审定不作为奖惩决定" in text
    assert "建议奖励2笔、合计6.00万元。" in text
    assert "建议扣减1笔、合计0.50万元。" in text
    cited = query(
        edition,
        "select distinct quote from marts.fct_action join marts.dim_scheme_clause using (clause_id, scheme) "
        "where scheme = 'lingshan-2018'",
    )
    assert len(cited) == 3
    for (quote,) in cited:
        assert quote in text
    assert "并入较重处理" in text
    assert "丙村（倒数第1名，后3名）" in text


def test_a_unit_whose_rank_is_not_announced_meets_no_consequence(town: dict[str, Path]) -> None:
    text = text_of(town[".pdf"])
    assert "名次待上级通报的有丁村。" in text
    assert text.count("免职建议") == 1, "only the unit that is last in an announced ranking"


def test_reporting_counts_and_names_who_is_missing(town: dict[str, Path]) -> None:
    text = text_of(town[".pdf"])
    assert "收到涉及本辖区的报送2份：部分接收1份、整份退回1份。" in text
    assert "共读入1500行，接收1188行，退回312行，退回率20.80%。" in text
    assert "全辖区未报送的报表：家庭成员台账。" in text
    assert "丁村农户台账跨表" not in text and "丁村农户台账注" in text, (
        "a template nobody reported is not held against each"
    )
    assert "跨表核对发现2条：错误1条、疑点1条" in text
    assert "疑似错退错误乡村振兴部门1" in text and "数量一月变动过半疑点乡镇1" in text


def test_no_person_is_named(town: dict[str, Path]) -> None:
    """A name sits in a file name and in a finding's message of the sample; neither may come through."""
    assert "张三丰" not in text_of(town[".pdf"])
    assert "张三丰".encode() not in town[".xlsx"].read_bytes()


def test_every_page_carries_edition_as_of_and_number(prefecture: dict[str, Path]) -> None:
    pages = PdfReader(prefecture[".pdf"]).pages
    assert 4 <= len(pages) <= 8
    for position, page in enumerate(pages, start=1):
        text = "".join(page.extract_text().split())
        assert "数据版本2022-06_0003·数据截至2022年7月6日10时05分" in text
        assert f"—{position}—" in text


def test_page_is_a4_and_only_embedded_fonts_are_used(prefecture: dict[str, Path]) -> None:
    for page in PdfReader(prefecture[".pdf"]).pages:
        assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = descendant["/FontDescriptor"].get_object()
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), descriptor["/FontName"]


def test_the_same_edition_gives_the_same_bytes(edition: Path, town: dict[str, Path], tmp_path: Path) -> None:
    again = make_reports(edition.resolve(), "2018-07", tmp_path, kinds=["monthly"])
    assert {path.suffix: path.read_bytes() for path in again} == {s: p.read_bytes() for s, p in town.items()}


def test_the_creation_date_is_the_as_of_time(town: dict[str, Path]) -> None:
    metadata = PdfReader(town[".pdf"]).metadata
    assert metadata is not None and metadata.creation_date is not None
    assert metadata.creation_date.replace(tzinfo=None) == datetime(2022, 7, 6, 10, 5)


def test_schemes_out_of_force_or_without_units_get_no_bulletin(edition: Path, tmp_path: Path) -> None:
    assert make_reports(edition, "2019-03", tmp_path) == []
    names = [path.name for path in make_reports(edition, "2022-06", tmp_path)]
    assert not any("idle-2022" in name or "lingshan" in name for name in names)


def test_a_division_gets_its_own_part(edition: Path, tmp_path: Path) -> None:
    pdf, *_ = make_reports(edition, "2022-06", tmp_path, division="520526000000", scheme="bijie-2022")
    text = text_of(pdf)
    assert pdf.name == "520526000000_bijie-2022_月度通报.pdf"
    assert "其中威宁彝族回族苗族自治县1个：威宁彝族回族苗族自治县第7名" in text
    assert "未达标单位：威宁彝族回族苗族自治县。" in text


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"period": "2022-07"}, "period_not_in_edition"),
        ({"period": "2022-06", "division": "999999999999"}, "unknown_division"),
        ({"period": "2022-06", "scheme": "nowhere"}, "unknown_scheme"),
        ({"period": "2022-06", "scheme": "lingshan-2018"}, "scheme_not_in_force"),
        ({"period": "2022-06", "scheme": "bijie-2022", "division": TOWN}, "division_outside_scheme"),
    ],
)
def test_requests_that_cannot_be_met_are_one_sentence(
    edition: Path, tmp_path: Path, arguments: dict[str, str], code: str
) -> None:
    with pytest.raises(GuatuError) as raised:
        make_reports(edition, out_dir=tmp_path, **arguments)
    assert raised.value.code == code
    assert not list(tmp_path.rglob("*.pdf"))


def test_an_edition_that_is_not_there_or_lacks_a_table(tmp_path: Path) -> None:
    with pytest.raises(GuatuError, match="没有找到"):
        make_reports(tmp_path / "current.duckdb", "2022-06", tmp_path)
    link = build_sample_edition(tmp_path / "published")
    link.resolve().chmod(0o644)
    with duckdb.connect(str(link.resolve())) as connection:
        connection.execute("drop table marts.fct_ranking")
    with pytest.raises(GuatuError) as raised:
        make_reports(link, "2022-06", tmp_path)
    assert raised.value.code == "edition_incomplete"
    assert "fct_ranking" in raised.value.message_zh
