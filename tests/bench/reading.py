"""A clinic's whole calendar read for the first time: against parsing alone, and in how much memory."""

import subprocess
import sys

from tests.bench.rows import Row

EVENTS, FEW, MANY = 20_000, 10_000, 100_000
SHARE, MEGABYTES = 0.05, 20
ROUNDS = 3


def run(count: int) -> list[float]:
    """Parsing alone to dicts and to events, translating, reading and judging in seconds, and peak megabytes,
    of a fresh process."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.first_sync", str(count)],
        capture_output=True,
        check=True,
        text=True,
    )
    return [float(figure) for figure in told.stdout.split()]


def rows() -> list[Row]:
    """Both promises; of several rounds the one in which least disturbed us."""
    dicts, parsed, *ours, _ = min((run(EVENTS) for _ in range(ROUNDS)), key=lambda round: sum(round[2:5]))
    whole = sum(ours)
    note = ", ".join(
        f"{what} {seconds / EVENTS * 1e6:.0f} us"
        for what, seconds in zip(("translating", "the book", "judging"), ours, strict=True)
    )
    few, many = run(FEW)[-1], run(MANY)[-1]
    return [
        Row(
            f"first sync of {EVENTS:,} events: translated, identified, stored, judged",
            f"{EVENTS / whole:,.0f}/s",
            f"msgspec, mapped {EVENTS / parsed:,.0f}/s",
            parsed / whole,
            SHARE,
            note=f"{note}; parsed into plain dicts alone {EVENTS / dicts:,.0f}/s: {dicts / whole:.3f}",
        ),
        Row(
            f"first sync, memory: {MANY:,} events against {FEW:,}",
            f"{many:.0f} MB",
            f"{few:.0f} MB",
            (many - few) / MEGABYTES,
            1,
            most=True,
            note=f"ratio: of {MEGABYTES} MB more",
        ),
    ]
