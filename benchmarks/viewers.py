"""What ten people wait for who look at one process at once, in a real server, over its own websocket.

``GUATU_HOME=<home> python -m benchmarks.viewers``: each opens a page, reads, opens another. Seconds of the clock, so
only on a quiet machine: this process, which draws nothing, is beside the server. "first" is a page nobody had opened.
"""

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Sequence
from math import ceil
from pathlib import Path

from benchmarks.pages import PAGES
from orchestration.settings import PROJECT_ROOT, get_settings

sys.path.insert(0, str(PROJECT_ROOT / "tests"))
from hardness.viewer import Viewer
from hardness.web import serving


async def look(base: str, viewers: int, think: float, seconds: float) -> tuple[list[float], list[float], list[str]]:
    """Seconds of views of pages opened before, of first views, and what went wrong."""
    warm: list[float] = []
    first: list[float] = []
    errors: list[str] = []
    opened: set[str] = set()
    until = time.monotonic() + seconds

    async def one(chance: random.Random) -> None:
        await asyncio.sleep(chance.uniform(0, think))
        async with Viewer(base, {}) as viewer:
            while time.monotonic() < until:
                page = chance.choice(PAGES)
                started = time.monotonic()
                sent = await viewer.open("" if page == "overview" else page)
                (warm if page in opened else first).append(time.monotonic() - started)
                opened.add(page)
                errors.extend(f"{page}: {error[:200]}" for error in sent.errors)
                await asyncio.sleep(chance.expovariate(1 / think))

    await asyncio.gather(*(one(random.Random(number)) for number in range(viewers)))
    return warm, first, errors


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--viewers", type=int, default=10)
    parser.add_argument("--think", type=float, default=5.0, help="seconds between two pages, on average")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--goal", type=float, default=0.25, help="seconds: 95th percentile of a page opened before")
    chosen = parser.parse_args(arguments)
    home = Path(get_settings().root)
    with serving(home, access="open", GUATU_SEEDS=str(get_settings().seeds)) as server:
        warm, first, errors = asyncio.run(look(server.base, chosen.viewers, chosen.think, chosen.seconds))
        memory = server.memory_mb
    p95 = sorted(warm)[ceil(len(warm) * 0.95) - 1]
    print(
        f"{chosen.viewers} viewers, {len(warm) + len(first)} views: median {sorted(warm)[len(warm) // 2]:.3f} s, "
        f"p95 {p95:.3f} s ({len(warm)}); first {max(first):.2f} s at most ({len(first)}); server {memory:.0f} MB"
    )
    for error in errors[:10]:
        print(error, file=sys.stderr)
    return 0 if p95 <= chosen.goal and not errors else 1


if __name__ == "__main__":
    sys.exit(main())
