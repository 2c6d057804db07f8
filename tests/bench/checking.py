"""`scheduler check` as a process: lines a second on one core, and memory that does not grow."""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.asked import lines
from tests.bench.rows import Row

COUNT = 40_000
MEASURED = (
    "import resource, subprocess, sys\n"
    "with open(sys.argv[1], 'rb') as asked:\n"
    "    subprocess.run([sys.executable, '-m', 'scheduler_app', 'check'], stdin=asked,"
    " stdout=subprocess.DEVNULL, check=True)\n"
    "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
    "print(used.ru_utime + used.ru_stime, used.ru_maxrss)\n"
)


def run(count: int) -> tuple[float, float]:
    """CPU seconds and peak megabytes of one process that answers so many lines."""
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder) / "asked.jsonl"
        with asked.open("wb") as file:
            file.writelines(lines(count))
        told = subprocess.run(
            [sys.executable, "-c", MEASURED, asked], capture_output=True, check=True, text=True
        )
    seconds, kilobytes = told.stdout.split()
    return float(seconds), float(kilobytes) / 1024


def rows() -> list[Row]:
    """Both promises, from processes of very different length."""
    short_seconds, short_megabytes = min(run(1000) for _ in range(3))
    long_seconds, long_megabytes = min(run(COUNT) for _ in range(3))
    rate = (COUNT - 1000) / (long_seconds - short_seconds)
    return [
        Row(
            "scheduler check, records of 10 items, one core",
            f"{rate:,.0f} lines/s",
            "20,000 lines/s",
            rate / 20_000,
            1,
        ),
        Row(
            "scheduler check, memory: 40,000 lines against 1,000",
            f"{long_megabytes:.1f} MB",
            f"{short_megabytes:.1f} MB",
            long_megabytes / short_megabytes,
            1.05,
            most=True,
        ),
    ]
