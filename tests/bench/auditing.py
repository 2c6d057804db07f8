"""`scheduler audit` as a process over a clinic's whole calendar of 100,000 events."""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.calendar_files import EVENTS, generate
from tests.bench.rows import Row

SECONDS, MEGABYTES = 90, 300
MEASURED = (
    "import resource, subprocess, sys\n"
    "done = subprocess.run([sys.executable, '-m', 'scheduler_app', 'audit', sys.argv[1], '--today',"
    " '2026-03-01', '--format', 'json', '--output', sys.argv[2]], stdout=subprocess.DEVNULL)\n"
    "assert done.returncode in (0, 1)\n"
    "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
    "print(used.ru_utime + used.ru_stime, used.ru_maxrss)\n"
)


def rows() -> list[Row]:
    """Both promises; the seconds are those of one core that does nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        book, report = Path(folder) / "clinic.ics", Path(folder) / "report.json"
        generate(book)
        told = subprocess.run(
            [sys.executable, "-c", MEASURED, book, report], capture_output=True, check=True, text=True
        )
    seconds, kilobytes = map(float, told.stdout.split())
    megabytes = kilobytes / 1024
    what = f"scheduler audit of {EVENTS:,} events"
    return [
        Row(what, f"{seconds:.0f} s", f"{SECONDS} s", seconds / SECONDS, 1, most=True),
        Row(f"{what}, memory", f"{megabytes:.0f} MB", f"{MEGABYTES} MB", megabytes / MEGABYTES, 1, most=True),
    ]
