"""The calendars of a desk, as Debian has them: Evolution Data Server and Thunderbird, subscribed over HTTP.

Each starts with nothing, in a folder and a zone of its own, finds the feed by its address and is asked what
it keeps of it. Nothing but this machine is in their reach.
"""

import functools
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.readers.serving import serving

Seen = tuple[str, datetime | date, datetime | date, str]
SECONDS = 25  # until a feed must have been read
PAUSE = 0.05  # seconds between two looks
ALL_DAY = 8  # CAL_ITEM_FLAG_EVENT_ALLDAY (calStorageHelpers.sys.mjs)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SCRIPT = Path(__file__).parent / "evolution.py"
PYTHON = "/usr/bin/python3"  # Debian's, which has the bindings

_SOURCE = """
[Data Source]
DisplayName=Feed
Enabled=true
Parent=webcal-stub

[Authentication]
Host=127.0.0.1
Port={port}
Method=none

[Security]
Method=none

[WebDAV Backend]
ResourcePath={path}

[Calendar]
BackendName=webcal
"""

_FEED = "calendar.registry.00000000-0000-4000-8000-000000000001"
_PREFERENCES: dict[str, str | int | bool] = {
    f"{_FEED}.type": "ics",
    f"{_FEED}.name": "Feed",
    f"{_FEED}.cache.enabled": True,
    "calendar.timezone.local": "Asia/Tokyo",
    "calendar.timezone.useSystemTimezone": False,
    # What it keeps can be read while it runs.
    "storage.sqlite.exclusiveLock.enabled": False,
    # Whatever is not on this machine goes to a door that is shut.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "mail.provider.enabled": False,
    "mail.shell.checkDefaultClient": False,
}


@functools.cache
def evolution_there() -> bool:
    """Whether this machine has Evolution Data Server, a session bus and the bindings."""
    if shutil.which("dbus-run-session") is None or not Path(PYTHON).exists():
        return False
    bindings = "import gi; gi.require_version('ECal', '2.0')"
    factory = Path("/usr/share/dbus-1/services/org.gnome.evolution.dataserver.Calendar8.service")
    return factory.exists() and subprocess.run([PYTHON, "-c", bindings], capture_output=True).returncode == 0


def thunderbird_there() -> bool:
    """Whether this machine has Thunderbird."""
    return shutil.which("thunderbird") is not None


def by_evolution(body: bytes) -> list[Seen]:
    """What Evolution and the calendar of GNOME show."""
    with serving(body) as address, _home() as home:
        port, path = address.removeprefix("http://127.0.0.1:").split("/", 1)
        sources = home / ".config/evolution/sources"
        sources.mkdir(parents=True)
        (sources / "feed.source").write_text(_SOURCE.format(port=port, path=f"/{path}"), encoding="utf-8")
        command = ["dbus-run-session", "--", PYTHON, "-I", str(SCRIPT), str(_count(body)), str(SECONDS)]
        with _running(command, home, told=subprocess.PIPE) as session:
            shown, _ = session.communicate(timeout=SECONDS + 20)
    return [(uid, _moment(start), _moment(end), title) for uid, start, end, title in json.loads(shown)]


def by_thunderbird(body: bytes) -> list[Seen]:
    """What Thunderbird shows: the rows its calendars are kept in."""
    with serving(body) as address, _home() as home:
        chosen = {**_PREFERENCES, f"{_FEED}.uri": address}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in chosen.items()]
        (home / "user.js").write_text("".join(lines), encoding="utf-8")
        over = time.monotonic() + SECONDS
        with _running(["thunderbird", "--headless", "--no-remote", "--profile", str(home)], home) as started:
            while len(rows := _rows(home / "calendar-data/cache.sqlite")) < _count(body):
                if time.monotonic() > over or started.poll() is not None:
                    break
                time.sleep(PAUSE)
    return rows


def _rows(cache: Path) -> list[Seen]:
    """None as long as it has not made them."""
    asked = "SELECT id, event_start, event_end, title, event_start_tz, event_end_tz, flags FROM cal_events"
    try:
        with closing(sqlite3.connect(f"file:{cache}?mode=ro", uri=True)) as kept:
            rows = kept.execute(asked).fetchall()
    except sqlite3.OperationalError:
        return []
    seen: list[Seen] = []
    for uid, start, end, title, *zones, flags in rows:
        bounds = [EPOCH + timedelta(microseconds=each) for each in (start, end)]
        if flags & ALL_DAY:
            seen.append((uid, bounds[0].date(), bounds[1].date(), title))
        else:
            assert zones == ["UTC", "UTC"]
            seen.append((uid, *bounds, title))
    return seen


def _count(body: bytes) -> int:
    return body.count(b"\r\nBEGIN:VEVENT\r\n")


def _moment(told: str | int) -> datetime | date:
    return date.fromisoformat(told) if isinstance(told, str) else EPOCH + timedelta(seconds=told)


@contextmanager
def _home() -> Iterator[Path]:
    # What was killed in the middle of a write may finish it while the folder goes.
    with tempfile.TemporaryDirectory(prefix="feed-reader-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def _running(command: list[str], home: Path, told: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A program and all it starts, which are gone afterwards."""
    run = home / "run"
    run.mkdir(mode=0o700)
    environment = {"HOME": str(home), "XDG_RUNTIME_DIR": str(run), "PATH": os.defpath, "LANG": "C.UTF-8"}
    # The memory backend spares a service for settings that nobody here reads.
    environment |= {"TZ": "Asia/Tokyo", "GSETTINGS_BACKEND": "memory"}
    with subprocess.Popen(command, stdout=told, env=environment, start_new_session=True) as started:
        try:
            yield started
        finally:
            with suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGKILL)
