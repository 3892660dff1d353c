"""Damage to whole files: cut, flipped, disguised, empty, huge; and bombs."""

import io
import random
import zipfile
import zlib
from dataclasses import replace

from hardness.g05_mutations import File


def damaged(rng: random.Random, file: File) -> File:
    """The file after an accident or an attack, and what may come of it."""
    choices = [_cut, _flipped, _emptied, _renamed, _with_nul]
    if file.content[:2] == b"PK":
        choices += [_utf16, _garbled_member, _lying_sizes, _encrypted, _no_workbook]
    elif file.content[:2] != b"\xd0\xcf":
        choices += [_utf16, _open_quote]
    return rng.choice(choices)(rng, file)


def _cut(rng: random.Random, file: File) -> File:
    content = file.content[: rng.randrange(1, len(file.content))]
    if file.content[:2] == b"PK":
        return replace(file, content=content, kind="cut", refused=True)
    return replace(file, content=content, kind="cut", judged=False)


def _flipped(rng: random.Random, file: File) -> File:
    """A few bits of the file. What a workbook's checksums do not notice must not have mattered; CSV has none."""
    content = bytearray(file.content)
    for _ in range(rng.choice((1, 1, 2, 8))):
        at = rng.randrange(len(content))
        content[at] ^= 1 << rng.randrange(8)
    is_zip = file.content[:2] == b"PK"
    return replace(file, content=bytes(content), kind="bits flipped", either=True, judged=is_zip)


def _emptied(rng: random.Random, file: File) -> File:
    return replace(file, content=rng.choice((b"", b"\x00" * 512, b"PK", b"\xef\xbb\xbf", b"\n" * 99)),
                   kind="emptied", refused=True)  # fmt: skip


def _renamed(rng: random.Random, file: File) -> File:
    """The extension says one thing, the content another."""
    stem = file.name.rsplit(".", 1)[0]
    return replace(file, name=f"{stem}.{rng.choice(('xls', 'csv', 'xlsx', 'CSV'))}", kind="other extension")


def _utf16(rng: random.Random, file: File) -> File:
    if file.content[:2] == b"PK":
        return replace(file, content=b"\xff\xfe" + file.content, kind="bytes in front", refused=True)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return replace(file, content=file.content.decode(encoding).encode("utf-16"), kind="UTF-16", refused=True)
        except UnicodeDecodeError:
            continue
    return file


def _with_nul(rng: random.Random, file: File) -> File:
    content = bytearray(file.content)
    at = rng.randrange(len(content))
    content[at:at] = b"\x00" * rng.choice((1, 3, 5000))
    is_zip = file.content[:2] == b"PK"
    return replace(file, content=bytes(content), kind="NUL bytes", either=True, judged=is_zip)


def _open_quote(rng: random.Random, file: File) -> File:
    return replace(file, content=file.content.rstrip(b"\r\n") + b'\n"1,2\n3,4\n', kind="open quote", refused=True)


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def _packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def _garbled_member(rng: random.Random, file: File) -> File:
    """XML that is cut short or changed inside a whole zip: every checksum is right."""
    members = _members(file.content)
    name = rng.choice([n for n in members if n.startswith("xl/")])
    data = members[name]
    at = rng.randrange(max(1, len(data)))
    members[name] = rng.choice(
        (data[:at], b"", data[:at] + b"<" + data[at:], data[:at] + rng.randbytes(20), b"<a>" * 999)
    )
    return replace(file, content=_packed(members), kind="XML garbled", judged=False)


def _no_workbook(rng: random.Random, file: File) -> File:
    """A zip that is no workbook, a text document, or one without what a workbook needs."""
    members = _members(file.content)
    if rng.random() < 0.5:
        members = {"word/document.xml": b"<w:document/>", "[Content_Types].xml": members["[Content_Types].xml"]}
    else:
        del members[rng.choice(("xl/workbook.xml", "xl/_rels/workbook.xml.rels"))]
    return replace(file, content=_packed(members), kind="no workbook", refused=True)


def _lying_sizes(rng: random.Random, file: File) -> File:
    """A directory that says a part is smaller, larger or packed otherwise than it is."""
    content = bytearray(file.content)
    at = content.find(b"PK\x01\x02", rng.randrange(len(content) // 2))
    at = content.find(b"PK\x01\x02") if at < 0 else at
    offset = rng.choice((10, 16, 20, 24, 42))  # method, checksum, packed, unpacked, place
    content[at + offset : at + offset + 2] = rng.randbytes(2)
    return replace(file, content=bytes(content), kind="directory lies", either=True)


def _encrypted(rng: random.Random, file: File) -> File:
    """Every part marked as locked by a password."""
    content = bytearray(file.content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)
    return replace(file, content=bytes(content), kind="locked", refused=True)


def bombs(file: File, scale: float) -> list[File]:
    """Small files that unpack to far more than they are, nest without end, or spin a reader."""
    members = _members(file.content)
    sheet = next(n for n in members if "sheet" in n and n.startswith("xl/worksheets"))
    entities = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    head = b'?>\n<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">' + entities + b"]>"
    error = b'<row r="%d"><c r="A%d" t="e"><v>#N/A</v></c></row>'
    rows = b"".join(error % (n, n) for n in range(50, int(200_000 * scale)))
    strings = b"<si><t>a</t></si>" * 7_000_000 + b"</sst>"

    def changed(name: str, before: bytes, after: bytes) -> dict[str, bytes]:
        return members | {name: members[name].replace(before, after, 1)}

    spaces = b"<sheetData>" + b" " * (int(300 * scale) + 110 << 20)
    return [
        _bomb(file, changed(sheet, b"<sheetData>", spaces), "spaces without end"),
        _bomb(file, changed("xl/sharedStrings.xml", b"</sst>", strings), "strings without end"),
        _bomb(file, changed(sheet, b"?>\n", head), "entities in the sheet", either=True),
        _bomb(file, changed("xl/workbook.xml", b"?>\n", head), "entities in the workbook", either=True),
        _bomb(file, changed(sheet, b"<sheetData>", b"<a>" * 500_000 + b"<sheetData>"), "nested XML", either=True),
        _bomb(file, changed(sheet, b"</sheetData>", rows + b"</sheetData>"), "errors without end"),
        _bomb(file, changed(sheet, b"</sheetData>", b"<c " * 400_000 + b"</sheetData>"), "tags without end"),
        _bomb(file, changed(sheet, b"</row>", b"<c><v>&a11;</v></c></row>"), "unknown entity", either=True),
    ]


def _bomb(file: File, members: dict[str, bytes], kind: str, either: bool = False) -> File:
    return replace(file, content=_packed(members), kind=kind, refused=not either, either=either)


def understated(file: File, scale: float) -> File:
    """A part that unpacks to 3 GB where every header says that it has a thousand bytes."""
    members = _members(file.content)
    sheet = next(n for n in members if n.startswith("xl/worksheets"))
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(b" " * (64 << 20)) for _ in range(int(48 * scale) + 1)) + packer.flush()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            if name != sheet:
                archive.writestr(name, data)
        archive.writestr(sheet, b"x" * 1000)
    content = out.getvalue()
    marker = sheet.encode()
    # the stored part is replaced by the long one, and the directory moves by the difference
    local = content.find(b"PK\x03\x04", content.find(marker) - 40)
    start = local + 30 + len(marker)
    length = int.from_bytes(content[local + 18 : local + 22], "little")
    size = len(packed).to_bytes(4, "little")
    head = content[local : local + 18] + size + content[local + 22 : start]
    rest = bytearray(content[start + length :])
    entry = rest.rfind(b"PK\x01\x02", 0, rest.rfind(marker))
    rest[entry + 20 : entry + 24] = size
    end = rest.rfind(b"PK\x05\x06")
    place = int.from_bytes(rest[end + 16 : end + 20], "little") + len(packed) - length
    rest[end + 16 : end + 20] = place.to_bytes(4, "little")
    return replace(file, content=content[:local] + head + packed + bytes(rest), kind="sizes understated", refused=True)
