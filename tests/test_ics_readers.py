"""What other people's readers see in our feeds: the same entries at the same instants."""

import importlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest

from scheduler_app.domain.entries import Entry
from scheduler_app.ics import readable
from tests.test_ics import CARE, WEEK, feed

Seen = tuple[str, datetime | date, datetime | date, str]


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


@pytest.mark.parametrize("reader", [by_icalendar, by_vobject, by_ics])
def test_every_reader_sees_the_same_entries_at_the_same_instants_across_both_clock_changes(
    reader: Callable[[bytes], list[Seen]],
) -> None:
    entries = clock_changes()
    expected = {(entry.uid, entry.start, entry.end, entry.title) for entry in entries}
    assert set(reader(feed(*entries))) == expected


NAMES: Sequence[str] = (
    'Comma, semicolon; colon: "quote" back\\slash',
    "line one\nline two\r\nline three\rline four",
    "emoji 👩‍⚕️😀 and עברית and عربى",
    "control \x00\x07\x0b\x0c\x1d\x7f\x85\u2028 characters",
    "x" * 200,
    "é" * 200,
    "END:VEVENT",
    "\\N\\n\\",
)


@pytest.mark.parametrize("reader", [by_icalendar, by_vobject, by_ics])
def test_no_name_breaks_a_reader(reader: Callable[[bytes], list[Seen]]) -> None:
    entries = [replace(CARE, uid=f"a.{i}@x.example", title=name, text=name) for i, name in enumerate(NAMES)]
    seen = {uid: title for uid, _, _, title in reader(feed(*entries, name="; ".join(NAMES)))}
    assert len(seen) == len(NAMES)
    for entry in entries:
        if "\\" not in entry.title:  # two of them unescape what looks like an escape inside an escape
            assert seen[entry.uid] == readable(entry.title)
