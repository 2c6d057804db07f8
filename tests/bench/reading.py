"""A clinic's whole calendar read for the first time: against parsing alone, and in how much memory."""

import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench.google_events import write_pages
from tests.bench.rows import Row

EVENTS, FEW, MANY = 20_000, 10_000, 100_000
SHARE, MEGABYTES = 0.05, 20
ROUNDS = 7


def run(folder: Path, count: int, *flags: str) -> list[float]:
    """Microseconds an event of parsing alone to dicts and to events, of translating, reading and judging,
    and peak megabytes, of a fresh process."""
    file = folder / f"{count}.pages"
    if not file.exists():
        write_pages(count, file)
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.first_sync", str(count), str(file), *flags],
        capture_output=True,
        check=True,
        text=True,
    )
    return [float(figure) for figure in told.stdout.split()]


def rows() -> list[Row]:
    """Both promises."""
    with tempfile.TemporaryDirectory() as folder:
        told = partial(run, Path(folder))
        rounds = [told(EVENTS) for _ in range(ROUNDS)]
        return [speed(rounds), memory(told(FEW, "--alone")[-1], told(MANY, "--alone")[-1])]


def speed(rounds: list[list[float]]) -> Row:
    """Ours against the peer that had turns with it, in the middle one of several rounds."""
    shares = sorted(parsed / sum(ours) for _, parsed, *ours, _ in rounds)
    dicts, parsed, *steps, _ = map(median, zip(*rounds, strict=True))
    whole = median(sum(ours) for _, _, *ours, _ in rounds)
    each = [f"{microseconds:.0f} us" for microseconds in steps]
    return Row(
        f"first sync of {EVENTS:,} events: translated, identified, stored, judged",
        f"{1e6 / whole:,.0f}/s",
        f"msgspec, mapped {1e6 / parsed:,.0f}/s",
        median(shares),
        SHARE,
        note=f"rounds {shares[0]:.3f} to {shares[-1]:.3f}; translating {each[0]}, "
        f"the book {each[1]}, judging {each[2]}; "
        f"parsed into plain dicts alone {1e6 / dicts:,.0f}/s: {dicts / whole:.3f}",
    )


def memory(few: float, many: float) -> Row:
    """Megabytes at the peak, of a small calendar and of a large one."""
    return Row(
        f"first sync, memory: {MANY:,} events against {FEW:,}",
        f"{many:.0f} MB",
        f"{few:.0f} MB",
        (many - few) / MEGABYTES,
        1,
        most=True,
        note=f"ratio: of {MEGABYTES} MB more",
    )
