"""A real subscriber: vdirsyncer mirrors the feed into a folder, khal reads that folder as a calendar."""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

BIN = Path(sys.executable).parent

_VDIRSYNCER = """
[general]
status_path = "{folder}/status"

[pair client]
a = "mine"
b = "feed"
collections = null

[storage mine]
type = "filesystem"
path = "{folder}/mine"
fileext = ".ics"

[storage feed]
type = "http"
url = "{address}"
"""

_KHAL = """
[calendars]
[[client]]
path = {folder}/mine
readonly = True

[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%dT%H:%M
longdatetimeformat = %Y-%m-%dT%H:%M
local_timezone = {zone}
default_timezone = {zone}

[sqlite]
path = {folder}/khal.db

[default]
timedelta = 7d
"""


class Shown(NamedTuple):
    """One entry as khal shows it, in its owner's zone; status as iCalendar has it."""

    start: str
    end: str
    title: str
    status: str


class Subscriber:
    """One person with one calendar. zone: where they live."""

    def __init__(self, folder: Path, address: str, zone: str = "Europe/London") -> None:
        self._folder = folder
        (folder / "mine").mkdir(parents=True)
        (folder / "vdirsyncer").write_text(
            _VDIRSYNCER.format(folder=folder, address=address), encoding="utf-8"
        )
        (folder / "khal").write_text(_KHAL.format(folder=folder, zone=zone), encoding="utf-8")
        self._run("vdirsyncer", "-c", folder / "vdirsyncer", "discover", "--no-list", check=False)

    def sync(self) -> bool:
        """Poll; whether that worked."""
        done = self._run("vdirsyncer", "-c", self._folder / "vdirsyncer", "sync", check=False)
        return done.returncode == 0

    def shown(self, start: datetime, end: datetime) -> set[Shown]:
        """What the calendar shows between the two, each entry once."""
        fields = [part for each in ("start", "end", "title", "status") for part in ("--json", each)]
        span = [f"{moment:%Y-%m-%d}" for moment in (start, end)]
        done = self._run("khal", "-c", self._folder / "khal", "list", "--once", *fields, *span)
        rows = [row for line in done.stdout.splitlines() if line.startswith("[") for row in json.loads(line)]
        return {Shown(row["start"], row["end"], row["title"], row["status"].strip()) for row in rows}

    def kept(self) -> set[str]:
        """Every entry as it is kept."""
        return {path.read_text(encoding="utf-8") for path in (self._folder / "mine").glob("*.ics")}

    def files(self) -> int:
        """How many entries are kept."""
        return len(list((self._folder / "mine").glob("*.ics")))

    def _run(self, name: str, *arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        environment = {"HOME": str(self._folder), "PATH": os.defpath, "LANG": "C.UTF-8", "NO_PROXY": "*"}
        command = [str(BIN / name), *map(str, arguments)]
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=check,
            env=environment,
            timeout=60,
            encoding="utf-8",
        )
