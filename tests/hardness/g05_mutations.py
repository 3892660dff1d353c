"""From a table in order to a file as it comes in: cells rewritten or spoilt, layouts; and what must come of it."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from hardness.g05_cells import Reading, later, otherwise, wide, wrong
from hardness.g05_office import COUNTY, Line, Table, spoilable
from hardness.g05_writing import Book, Page, csv_file, letters, xlsx
from hardness.g05_writing_xls import xls


@dataclass(frozen=True)
class File:
    """A file and what must come of it.

    rows     row number -> how the row must arrive, None where it must be rejected
    refused  the whole file must be refused; where ``either`` it may be, and if it is not its rows must be these
    judged   False where nobody can say what damaged bytes mean: only the accounts must be right
    again    the same bytes under another name, right after the first: a duplicate unless that was refused
    """

    name: str
    content: bytes
    kind: str
    table: Table | None = None
    rows: dict[int, dict[str, Reading] | None] = field(default_factory=dict)
    refused: bool = False
    either: bool = False
    judged: bool = True
    again: bool = False


@dataclass
class Layout:
    """How a table is laid out in a file: rows as written, and which line of the table each is."""

    header: list[object]
    body: list[tuple[list[object], Line | None]]
    above: list[list[object]] = field(default_factory=list)
    header_above: list[object] | None = None
    book: Book = field(default_factory=lambda: Book([]))
    page: Page = field(default_factory=lambda: Page([]))
    before: list[Page] = field(default_factory=list)
    refused: bool = False
    either: bool = False

    def rows(self) -> list[list[object]]:
        upper = [self.header_above] if self.header_above is not None else []
        return [*self.above, *upper, self.header, *(cells for cells, _ in self.body)]


def rewrite_cells(rng: random.Random, table: Table, in_workbook: bool, date1904: bool) -> None:
    """Other ways of writing the same values, all over the table."""
    for line in table.lines:
        for name in table.columns:
            if name == "period" or line.truth is None or rng.random() > 0.3:
                continue
            cell = otherwise(rng, table.field(name), line.truth[name], in_workbook, date1904)
            if cell is not None:
                line.cells[name] = cell


def spoil_rows(rng: random.Random, table: Table, container: str) -> None:
    """Up to three rows get a cell for which they must be rejected; seldom, most of the rows do."""
    lines = spoilable(table)
    count = len(lines) - 1 if rng.random() < 0.1 else rng.choice((1, 1, 1, 2, 3))
    columns = [c for c in table.columns if c not in ("period", "predecessor_code")]
    for line in rng.sample(list(lines), k=count):
        name = rng.choice(columns)
        line.spoil(name, wrong(rng, table.field(name), container))
    if "period" in table.columns and rng.random() < 0.5:
        rng.choice(lines).spoil("period", rng.choice(("1999-12", "第二期", "2022-13")))


def break_rules(rng: random.Random, table: Table) -> None:
    """Rows whose cells are each in order, but which break a rule: a key twice, another's village, a wrong sign."""
    lines, name = list(spoilable(table)), table.template.name
    if name == "fund_payments" and rng.random() < 0.6:
        line = rng.choice(lines)
        line.spoil("amount", "-1.5")
        line.spoil("payment_type", "进度款")
    elif table.scope not in (COUNTY,) and name != "divisions" and rng.random() < 0.4:
        other = "411726101205" if table.scope == "411726100000" else "411726100205"
        rng.choice(lines).spoil(table.template.division, other)
    elif name != "divisions" and rng.random() < 0.3 and table.field(table.template.division).level == "village":
        rng.choice(lines).spoil(table.template.division, table.scope)
    else:
        again = rng.randrange(1, len(lines))
        first = lines[rng.randrange(again)]
        copied = table.template.key if name != "divisions" else table.columns
        for key in copied:
            lines[again].cells[key] = first.cells[key]
        lines[again].truth = None
        # where the first is rejected for another reason the second would stay: keep it simple
        if first.truth is None:
            lines[again].cells[table.template.division] = "没有这个村"


def warn_of(rng: random.Random, table: Table) -> None:
    """Rows that are odd but kept: a wrong check digit, a date after the month."""
    for line in table.lines:
        for name in table.columns:
            if name == "period" or line.truth is None or rng.random() > 0.2:
                continue
            value, kind = line.truth[name], table.field(name).type
            if kind == "id_number" and isinstance(value, str):
                changed = value[:17] + rng.choice([d for d in "0123456789X" if d != value[17]])
                line.put(name, changed, changed)
            elif kind == "date" and isinstance(value, date) and table.field(name).event and value.year < 2098:
                line.put(name, later(value).isoformat(), later(value))


def lay_out(table: Table) -> Layout:
    """The plain layout: one header row, then the rows."""
    header: list[object] = [table.titles[name] for name in table.columns]
    return Layout(header, [([line.cells[name] for name in table.columns], line) for line in table.lines])


LayoutChange = Callable[[random.Random, Table, Layout], None]


def shuffle_columns(rng: random.Random, table: Table, layout: Layout) -> None:
    order = rng.sample(range(len(layout.header)), k=len(layout.header))
    layout.header = [layout.header[i] for i in order]
    layout.body = [([cells[i] for i in order], line) for cells, line in layout.body]


def unknown_columns(rng: random.Random, table: Table, layout: Layout) -> None:
    at = rng.randrange(1, len(layout.header) + 1)
    layout.header.insert(at, rng.choice(("备注", "序号说明", "=1+1", "联系QQ")))
    for cells, _ in layout.body:
        cells.insert(at, rng.choice(("随便", "=2", None)))


def title_rows(rng: random.Random, table: Table, layout: Layout) -> None:
    count = rng.choice((1, 2, 10))
    layout.above = [[f"说明 {n}"] for n in range(count)]
    layout.page.merges += (f"A1:{letters(len(layout.header) - 1)}1",)


def header_spelling(rng: random.Random, table: Table, layout: Layout) -> None:
    def spell(title: object) -> object:
        text = str(title)
        return rng.choice((text, f" {text} ", f"{text}\n", f"{text}(选填)", f"{text[:2]} {text[2:]}", f"{text}【注】"))

    layout.header = [spell(title) for title in layout.header]


def money_in_ten_thousands(rng: random.Random, table: Table, layout: Layout) -> None:
    """Money in 万元: the cells are divided, and must arrive as they were."""
    for at, name in enumerate(table.columns):
        if name == "period" or table.field(name).type != "money":
            continue
        layout.header[at] = f"{table.titles[name]}（万元）"
        for cells, line in layout.body:
            if line is not None and line.truth is not None and line.truth[name] is not None:
                cells[at] = f"{line.truth[name] / 10_000:f}"  # type: ignore[operator]
            elif line is not None and line.truth is not None:
                cells[at] = None


def two_headers(rng: random.Random, table: Table, layout: Layout) -> None:
    count = min(2, len(layout.header))
    layout.header_above = [*layout.header[:count], *["一、基本情况"] * (len(layout.header) - count)]


def blank_and_total_rows(rng: random.Random, table: Table, layout: Layout) -> None:
    width = len(layout.header)
    for _ in range(rng.randint(1, 4)):
        extra = rng.choice(([None], ["  "] * width, ["合计", "9", "9"], [None, "小计（户）"], ["总 计：15户"]))
        layout.body.insert(rng.randrange(len(layout.body) + 1), ([*extra, *[None] * (width - len(extra))], None))


def hidden(rng: random.Random, table: Table, layout: Layout) -> None:
    """Hidden rows count like the others; hidden sheets without a header do not."""
    layout.page.hidden_rows = frozenset(rng.sample(range(2, 8), k=3))
    layout.before.append(Page([["代码", "名称"], ["1", "甲"]], "隐藏", rng.choice(("hidden", "veryHidden"))))


def other_sheets(rng: random.Random, table: Table, layout: Layout) -> None:
    layout.before.append(Page([["填表说明"], [], ["请按要求填写"]], "说明"))
    layout.before.append(Page([], "空表"))


def links_and_macros(rng: random.Random, table: Table, layout: Layout) -> None:
    """Parts a table does not need: macros, links to other files, pictures; they are never opened."""
    layout.book.extra |= {
        "xl/vbaProject.bin": rng.randbytes(2000),
        "xl/externalLinks/externalLink1.xml": b'<externalLink xmlns="x"><externalBook/></externalLink>',
        "xl/media/image1.png": rng.randbytes(500),
        "docProps/custom.xml": b"<Properties><property name=",
    }
    if rng.random() < 0.5:
        layout.book.main_type = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def odd_xml(rng: random.Random, table: Table, layout: Layout) -> None:
    """XML written by other programs: prefixes, single quotes, nothing numbered, strings in place, nothing packed."""
    book = layout.book
    book.prefix, book.quote = rng.choice(("", "x")), rng.choice(('"', "'"))
    book.shared, book.stored = rng.random() < 0.5, rng.random() < 0.5
    book.numbered = rng.random() < 0.7


def far_cell(rng: random.Random, table: Table, layout: Layout) -> None:
    """A stray cell at the sheet's far end, so that the table would be 17 billion cells."""
    layout.book.numbered, layout.book.prefix = True, ""
    row, column = rng.choice(((1048576, "XFD"), (1048576, "ZZ"), (900_000, "XFD")))
    layout.page.after = f'<row r="{row}"><c r="{column}{row}"><v>1</v></c></row>'
    layout.either = True


def missing_column(rng: random.Random, table: Table, layout: Layout) -> None:
    required = [at for at, name in enumerate(table.columns) if name != "period" and table.field(name).required]
    at = rng.choice(required)
    layout.header[at] = rng.choice((None, "错字列名", f"{layout.header[at]}二", ""))
    layout.refused = True


def column_twice(rng: random.Random, table: Table, layout: Layout) -> None:
    at = rng.randrange(len(layout.header))
    layout.header.append(layout.header[at])
    for cells, _ in layout.body:
        cells += [None] * (len(layout.header) - 1 - len(cells)) + ["另一个值"]
    layout.refused = True


def no_rows(rng: random.Random, table: Table, layout: Layout) -> None:
    """A header and nothing below it: nothing to report, which two templates do not allow."""
    layout.body = [(cells, line) for cells, line in layout.body if line is None]
    layout.refused |= table.template.name in ("divisions", "villages")


def unusable_unit(rng: random.Random, table: Table, layout: Layout) -> None:
    at = rng.randrange(len(layout.header))
    layout.header[at] = f"{layout.header[at]}({rng.choice(('亿元', '千头', '百户', '万人'))})"
    layout.refused = True


IN_ORDER: tuple[LayoutChange, ...] = (
    money_in_ten_thousands, missing_column, column_twice, unusable_unit, two_headers, header_spelling, unknown_columns,
    shuffle_columns, title_rows, blank_and_total_rows, no_rows,
)  # fmt: skip
"""Later ones do not rely on where the earlier ones left a column."""
ONLY_IN: dict[str, tuple[LayoutChange, ...]] = {
    "xlsx": (hidden, other_sheets, links_and_macros, odd_xml, far_cell),
    "xls": (hidden, other_sheets),
    "csv": (),
}


def as_workbook(layout: Layout, old: bool = False) -> tuple[bytes, list[int]]:
    """The workbook (.xls where ``old``), and the row of each line of the body."""
    rows = layout.rows()
    layout.page.rows = rows
    layout.book.pages = [*layout.before, layout.page]
    first = len(rows) - len(layout.body) + 1
    return (xls if old else xlsx)(layout.book), list(range(first, len(rows) + 1))


def as_csv(rng: random.Random, layout: Layout) -> tuple[bytes, list[int]]:
    """The CSV in one of the encodings and separators, and the line each row of the body starts at."""
    options = {
        "encoding": rng.choice(("utf-8", "utf-8-sig", "gb18030")),
        "delimiter": rng.choice(",,,\t"),
        "newline": rng.choice(("\r\n", "\n")),
    }
    rows = layout.rows()
    content, starts = csv_file(rows, rng, options)
    return content, starts[len(rows) - len(layout.body) :]


_ENDINGS = (
    "", "", "_甲", "_.._.._etc_passwd", "_$(reboot);x", "_=cmd", "_\u202egpj", "_两\n行", "_" + "长" * 50, "_.",
    "_%s{0}",
)  # fmt: skip


def file_name(rng: random.Random, table: Table, extension: str) -> str:
    """A name that says template, place and month, in one of the ways it may."""
    code = table.scope if rng.random() < 0.7 else table.scope.rstrip("0")
    title = rng.choice((table.template.title, table.template.title, table.template.name, wide(table.template.name)))
    return f"{title}_{code}_{table.period}{rng.choice(_ENDINGS)}.{extension}"


def make(rng: random.Random, table: Table) -> File:
    """One file: some of its cells rewritten, some rows spoilt, its layout changed."""
    container = rng.choices(("xlsx", "xls", "csv"), (50, 15, 35))[0]
    in_workbook = container != "csv"
    date1904 = in_workbook and rng.random() < 0.15
    kinds = []
    if rng.random() < 0.5:
        rewrite_cells(rng, table, in_workbook, date1904)
        kinds.append("rewritten")
    if rng.random() < 0.3:
        warn_of(rng, table)
    if rng.random() < 0.5:
        spoil_rows(rng, table, container)
        kinds.append("spoilt")
    if rng.random() < 0.25:
        break_rules(rng, table)
        kinds.append("rules broken")
    layout = lay_out(table)
    layout.book.date1904 = date1904
    possible = IN_ORDER + ONLY_IN[container]
    chosen = {rng.choice(possible) for _ in range(rng.choice((0, 1, 1, 2, 3)))}
    for change in possible:
        if change in chosen:
            change(rng, table, layout)
            kinds.append(change.__name__)
    content, numbers = as_workbook(layout, container == "xls") if in_workbook else as_csv(rng, layout)
    lines = [line for _, line in layout.body]
    rows = {n: line.truth for n, line in zip(numbers, lines, strict=True) if line is not None}
    bad = sum(truth is None for truth in rows.values())
    extension = rng.choice((container, container, container.upper()))
    name = file_name(rng, table, extension)
    if "period" in table.columns and not bad and rows and rng.random() < 0.4:
        name = f"上报{rng.randrange(10**9)}.{extension}"
    kind = f"{container}: {', '.join(kinds) or 'in order'}"
    return File(name, content, kind, table, rows, layout.refused or bad * 5 > len(rows), layout.either)
