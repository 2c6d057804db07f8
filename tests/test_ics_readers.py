"""What other people's readers see in our feeds: the same entries at the same instants.

Evolution Data Server and Thunderbird are asked as they are run: subscribed over HTTP.
"""

import importlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler_app.domain.entries import Entry
from scheduler_app.ics import readable
from tests.readers import desktops, libical
from tests.rfc5545 import feed_checked
from tests.test_ics import CARE, WEEK, feed, hostile

Seen = tuple[str, datetime | date, datetime | date, str]
Reader = Callable[[bytes], list[Seen]]
READERS = Path(__file__).parent / "readers"
NODE = shutil.which("node")


def by_icalendar(body: bytes) -> list[Seen]:
    calendar: Any = icalendar.Calendar.from_ical(body)
    return [
        (str(e["UID"]), e["DTSTART"].dt, e["DTEND"].dt, str(e["SUMMARY"])) for e in calendar.walk("VEVENT")
    ]


def by_vobject(body: bytes) -> list[Seen]:
    calendar = importlib.import_module("vobject").readOne(body.decode())
    return [(e.uid.value, e.dtstart.value, e.dtend.value, e.summary.value) for e in calendar.vevent_list]


def by_ics(body: bytes) -> list[Seen]:
    seen: list[Seen] = []
    for e in importlib.import_module("ics").Calendar(body.decode()).events:
        if e.all_day:
            seen.append((e.uid, e.begin.date(), e.end.date(), e.name))
        else:
            seen.append((e.uid, e.begin.datetime, e.end.datetime, e.name))
    return seen


def by_recurring_ical_events(body: bytes) -> list[Seen]:
    """What expands calendars for scripts and home automation."""
    calendar: Any = icalendar.Calendar.from_ical(body)
    found = importlib.import_module("recurring_ical_events").of(calendar).between((2000, 1, 1), (2100, 1, 1))
    return [(str(e["UID"]), e["DTSTART"].dt, e["DTEND"].dt, str(e["SUMMARY"])) for e in found]


def by_libical(body: bytes) -> list[Seen]:
    """What Evolution, GNOME and KDE read with; its own check of restrictions must hold too."""
    if not libical.there():
        pytest.skip("no libical on this machine: `make setup-proof` installs it")
    seen, errors, holds = libical.read(body)
    assert (errors, holds) == (0, True)
    return seen


def by_node(library: str) -> Reader:
    """A library of npm, in a process of its own that lives far from here."""

    def read(body: bytes) -> list[Seen]:
        if NODE is None or not (READERS / "node_modules").exists():
            pytest.skip("no npm readers on this machine: `make setup-proof` installs them")
        told = subprocess.run(
            [NODE, str(READERS / "read.mjs"), library],
            input=body,
            capture_output=True,
            check=True,
            env={"TZ": "Asia/Tokyo", "PATH": os.defpath},
        )
        return [
            (uid, _moment(start), _moment(end), title) for uid, start, end, title in json.loads(told.stdout)
        ]

    return read


def by_evolution(body: bytes) -> list[Seen]:
    """What Evolution and the calendar of GNOME show."""
    if not desktops.evolution_there():
        pytest.skip("no Evolution Data Server on this machine: `make setup-proof` installs it")
    return desktops.by_evolution(body)


def by_thunderbird(body: bytes) -> list[Seen]:
    """What Thunderbird shows, without a window."""
    if not desktops.thunderbird_there():
        pytest.skip("no Thunderbird on this machine: `make setup-proof` installs it")
    return desktops.by_thunderbird(body)


def _moment(told: str) -> datetime | date:
    return date.fromisoformat(told) if len(told) == 10 else datetime.fromisoformat(told)


ALL: dict[str, Reader] = {
    "icalendar": by_icalendar,
    "vobject": by_vobject,
    "ics.py": by_ics,
    "recurring-ical-events": by_recurring_ical_events,
    "libical": by_libical,
    "ical.js": by_node("ical.js"),
    "node-ical": by_node("node-ical"),
    "Evolution Data Server": by_evolution,
    "Thunderbird": by_thunderbird,
}
# A process or more for each feed: they get many names in one, since one feed for each would take minutes.
SLOW = ("ical.js", "node-ical", "Evolution Data Server", "Thunderbird")
# They unescape what looks like an escape inside an escape, so that a backslash may read otherwise there.
TWICE = {"vobject", "ics.py", "node-ical"}


def clock_changes() -> list[Entry]:
    """An entry in every hour around both changes of 2026 in Europe, and all-day ones across them."""
    around = [datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2026, 10, 24, 20, tzinfo=UTC)]
    made = []
    for change in around:
        for hour in range(12):
            start = change + timedelta(hours=hour)
            uid = f"care.{start:%m%dT%H}@feeds.example"
            made.append(replace(CARE, uid=uid, start=start, end=start + timedelta(hours=5)))
        day = change.date()
        made.append(replace(WEEK, uid=f"week.{day}@feeds.example", start=day, end=day + timedelta(days=7)))
    return made


@pytest.mark.parametrize("reader", ALL)
def test_every_reader_sees_the_same_entries_at_the_same_instants_across_both_clock_changes(
    reader: str,
) -> None:
    entries = clock_changes()
    expected = {(entry.uid, entry.start, entry.end, entry.title) for entry in entries}
    assert set(ALL[reader](feed(*entries))) == expected


NAMES: Sequence[str] = (
    'Comma, semicolon; colon: "quote" back\\slash',
    "line one\nline two\r\nline three\rline four",
    "emoji 👩‍⚕️😀 and עברית and عربى",
    "موعدكم في \u2068Clínica Sol\u2069 الساعة 6:05\u00a0م",
    "control \x00\x07\x0b\x0c\x1d\x7f\x85\u2028 characters",
    "x" * 200,
    "é" * 200,
    "END:VEVENT",
    "\\N\\n\\",
)


@pytest.mark.parametrize("reader", ALL)
def test_no_name_breaks_a_reader(reader: str) -> None:
    entries = [replace(CARE, uid=f"a.{i}@x.example", title=name, text=name) for i, name in enumerate(NAMES)]
    seen = {uid: title for uid, _, _, title in ALL[reader](feed(*entries, name="; ".join(NAMES)))}
    assert len(seen) == len(NAMES)
    for entry in entries:
        if "\\" not in entry.title or reader not in TWICE:
            assert seen[entry.uid] == readable(entry.title)


@pytest.mark.parametrize("reader", [name for name in ALL if name not in SLOW])
@settings(max_examples=40)
@given(titles=st.lists(hostile.filter(lambda each: readable(each).strip() != ""), min_size=1, max_size=4))
def test_hostile_names_leave_every_reader_the_same_entries(reader: str, titles: list[str]) -> None:
    entries = [
        replace(CARE, uid=f"a.{i}@x.example", title=title, text=title) for i, title in enumerate(titles)
    ]
    body = feed(*entries, name=titles[0])
    feed_checked(body)
    seen = {(uid, start, end) for uid, start, end, _ in ALL[reader](body)}
    assert seen == {(entry.uid, entry.start, entry.end) for entry in entries}


@pytest.mark.parametrize("reader", SLOW)
def test_many_hostile_names_at_once_leave_the_slow_readers_the_same_entries_too(reader: str) -> None:
    drawn = [title for title in _drawn(300) if readable(title).strip()]
    entries = [
        replace(CARE, uid=f"a.{i}@x.example", title=title, text=title) for i, title in enumerate(drawn)
    ]
    seen = {(uid, start, end) for uid, start, end, _ in ALL[reader](feed(*entries))}
    assert seen == {(entry.uid, entry.start, entry.end) for entry in entries}


def _drawn(count: int) -> list[str]:
    alphabet = '\r\n\t\x00\x0b\x7f\x85\u2028\ufeff\u202e\u2068\\,;:"^nN aé😀👩‍⚕️שع'
    return [
        "".join(alphabet[(i * 7 + j * j * 13 + i * j) % len(alphabet)] for j in range(i % 40 + 1))
        for i in range(count)
    ]
