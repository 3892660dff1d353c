"""The four sizes the benchmarks run at."""

from dataclasses import dataclass

from orchestration.settings import Settings

LAST_PERIOD = "2022-06"
"""The month that is measured; a history of N months ends with it."""


@dataclass(frozen=True)
class Scale:
    """``root``: what the codes of its tree begin with. ``filer``: the level whose offices hand the files in."""

    name: str
    title: str
    root: str
    filer: str
    ranked: str
    """The level whose units the benchmark's scheme ranks beside the villages."""
    households: int
    memory_mb: int = Settings.model_fields["build_memory_mb"].default
    """What a build may keep in memory; what does not fit goes to the disk."""
    threads: int | None = None
    """Of a build, as many as there are cores if empty."""


SCALES: dict[str, Scale] = {
    scale.name: scale
    for scale in (
        Scale("county", "县(罗山县)", "411521", "county", "township", 13_000),
        Scale("prefecture", "市(毕节市)", "5205", "county", "county", 130_000),
        Scale("province", "省(河南省)", "41", "county", "county", 2_000_000),
        Scale("nation", "全国", "", "province", "county", 30_000_000, memory_mb=950, threads=1),
    )
}
