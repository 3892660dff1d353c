"""Which faces a PDF is set in: those GB/T 9704—2012 asks for where the machine has them, else the free ones shipped.

The faces of the standard are not free and are never shipped; a document is the same byte for byte on machines with the
same faces.
"""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import typst

from orchestration.errors import GuatuError

FONT_PACKAGE = "pylopdf_fonts_zh_cn"
SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
WANTED = {
    "body": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "FandolFang R", "FandolFang"),
    "title": ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "FZXiaoBiaoSong-B05", "STZhongsong"),
    "first": ("SimHei", "黑体", "STHeiti", "FandolHei"),
    "second": ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "FandolKai"),
    "figures": ("SimSun", "宋体", "STSong", "FandolSong"),
}
"""Part of the document → faces, best first: 仿宋 body, 小标宋 title, 黑体 and 楷体 headings, 宋体 page numbers."""
SHIPPED = {"body": SERIF, "title": SERIF, "first": SANS, "second": SERIF, "figures": SERIF}


@dataclass(frozen=True)
class Faces:
    """The fonts to compile with, and each part's faces in order: rare characters fall back to the shipped ones."""

    fonts: typst.Fonts
    parts: dict[str, list[str]]

    def is_shipped(self, part: str) -> bool:
        """Whether a part is set in the shipped stand-in, which carries one weight and needs an outline for bold."""
        return self.parts[part][0] in (SERIF, SANS)


@cache
def faces() -> Faces:
    """Look through the machine's fonts once."""
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=[_shipped_folder()])
    known = set(fonts.families())
    parts = {
        part: [
            *[face for face in wanted if face in known][:1],
            *dict.fromkeys((SHIPPED[part], SERIF, SANS)),
        ]
        for part, wanted in WANTED.items()
    }
    return Faces(fonts, parts)


def _shipped_folder() -> Path:
    spec = find_spec(FONT_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise GuatuError(
            "fonts_missing",
            "没有安装中文字体包，无法生成通报；请按依赖清单重新安装",
            "the Chinese font package is not installed; reinstall the dependencies",
        )
    return Path(spec.submodule_search_locations[0])
