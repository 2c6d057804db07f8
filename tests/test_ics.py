"""Entries as bytes: what is in them, and what can never get into them."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar.parser import Contentline

from scheduler_app.domain.entries import Entry
from scheduler_app.ics import head, join, read_entry, readable, render_entry
from tests.rfc5545 import feed_checked

CHANGED = datetime(2026, 7, 1, 9, 30, 15, tzinfo=UTC)
START = datetime(2026, 7, 10, 16, tzinfo=UTC)
CARE = Entry(
    uid="first-hours.v1@feeds.example",
    kind="first-hours",
    start=START,
    end=START + timedelta(hours=12),
    title="No face washing until 23:00",
    text="Leave the mask on; it works longer, and better.",
    alarm=30,
    related="appointment.v1@feeds.example",
)
VISIT = Entry(
    uid="appointment.v1@feeds.example",
    kind="appointment",
    start=START - timedelta(hours=1),
    end=START,
    title="Your appointment",
    text="",
    busy=True,
)
WEEK = replace(
    CARE,
    uid="first-week.v1@feeds.example",
    kind="first-week",
    start=date(2026, 7, 10),
    end=date(2026, 7, 17),
    alarm=None,
)

GOLDEN = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Treatment Scheduler//Client feed//EN
CALSCALE:GREGORIAN
NAME:Clínica Sol\\, Madrid
X-WR-CALNAME:Clínica Sol\\, Madrid
REFRESH-INTERVAL;VALUE=DURATION:PT4H
X-PUBLISHED-TTL:PT4H
COLOR:darkcyan
X-APPLE-CALENDAR-COLOR:#008B8B
BEGIN:VEVENT
UID:appointment.v1@feeds.example
DTSTAMP:20260701T093015Z
LAST-MODIFIED:20260701T093015Z
SEQUENCE:0
DTSTART:20260710T150000Z
DTEND:20260710T160000Z
SUMMARY:Your appointment
STATUS:CONFIRMED
TRANSP:OPAQUE
CLASS:PRIVATE
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
END:VEVENT
BEGIN:VEVENT
UID:first-hours.v1@feeds.example
DTSTAMP:20260701T093015Z
LAST-MODIFIED:20260701T093015Z
SEQUENCE:3
DTSTART:20260710T160000Z
DTEND:20260711T040000Z
SUMMARY:No face washing until 23:00
DESCRIPTION:Leave the mask on\\; it works longer\\, and better.
RELATED-TO:appointment.v1@feeds.example
STATUS:CONFIRMED
TRANSP:TRANSPARENT
CLASS:PRIVATE
X-MICROSOFT-CDO-BUSYSTATUS:FREE
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:No face washing until 23:00
TRIGGER:-PT30M
END:VALARM
END:VEVENT
END:VCALENDAR
"""


def feed(*entries: Entry, name: str = "Clínica Sol, Madrid", sequence: int = 0) -> bytes:
    """A whole feed of these."""
    return join(head(name, 4), [render_entry(entry, sequence, CHANGED) for entry in entries])


def properties(body: bytes) -> list[str]:
    """Every property name in the feed, in order, components named where they begin and end."""
    names = []
    for line in body.replace(b"\r\n ", b"").split(b"\r\n"):
        name = line.partition(b":")[0].partition(b";")[0]
        names.append((line if name in (b"BEGIN", b"END") else name).decode())
    return names


def test_a_feed_is_exactly_these_bytes() -> None:
    blocks = [render_entry(VISIT, 0, CHANGED), render_entry(CARE, 3, CHANGED)]
    body = join(head("Clínica Sol, Madrid", 4), blocks)
    assert body.decode().replace("\r\n", "\n") == GOLDEN
    feed_checked(body)


def test_the_same_entries_are_the_same_bytes_whatever_zone_their_times_are_written_in() -> None:
    madrid = ZoneInfo("Europe/Madrid")
    start, end = datetime(2027, 1, 3, 4, 5, 6, tzinfo=madrid), datetime(2027, 6, 3, 4, 5, 6, tzinfo=madrid)
    elsewhere = feed(replace(CARE, start=start, end=end))
    assert elsewhere == feed(replace(CARE, start=start.astimezone(UTC), end=end.astimezone(UTC)))
    assert b"DTSTART:20270103T030506Z\r\nDTEND:20270603T020506Z" in elsewhere


def test_an_all_day_entry_has_dates_and_an_exclusive_end() -> None:
    event = feed_checked(feed(WEEK)).walk("VEVENT")[0]
    assert event.one("DTSTART").parameters == event.one("DTEND").parameters == {"VALUE": "DATE"}
    assert (event.one("DTSTART").value, event.one("DTEND").value) == ("20260710", "20260717")


@pytest.mark.parametrize(
    ("entry", "status", "transparency", "busy"),
    [
        (CARE, "CONFIRMED", "TRANSPARENT", "FREE"),
        (VISIT, "CONFIRMED", "OPAQUE", "BUSY"),
        (replace(VISIT, tentative=True), "TENTATIVE", "OPAQUE", "TENTATIVE"),
        (replace(VISIT, cancelled=True), "CANCELLED", "TRANSPARENT", "FREE"),
        (replace(VISIT, cancelled=True, tentative=True), "CANCELLED", "TRANSPARENT", "FREE"),
    ],
)
def test_only_an_appointment_that_stands_keeps_the_client_busy(
    entry: Entry, status: str, transparency: str, busy: str
) -> None:
    event = feed_checked(feed(entry)).walk("VEVENT")[0]
    assert event.one("STATUS").value == status
    assert event.one("TRANSP").value == transparency
    assert event.one("X-MICROSOFT-CDO-BUSYSTATUS").value == busy


def test_a_cancelled_entry_rings_no_alarm() -> None:
    assert feed_checked(feed(replace(CARE, cancelled=True))).walk("VALARM") == []


# What a stranger writes into a name or a note.

hostile = st.one_of(
    st.text(),
    st.text(alphabet='\r\n\t\x00\x0b\x0c\x1c\x7f\x85\u2028\u2029\ufeff\u202e\\,;:"^nN aé😀👩‍⚕️שع'),
    st.sampled_from(
        [
            "a\r\nATTACH:http://example.com/x",
            "a\rEND:VEVENT\rBEGIN:VEVENT",
            "a\nEND:VCALENDAR",
            "a\u2028ATTENDEE:mailto:x@example.com",
            "\\N \\n \\\\n \\, \\; \\",
            "x" * 73 + "é" * 40,
            "😀" * 60,
            "\\" * 200,
            "," * 200,
            "\ud800 lone",
        ]
    ),
)


@given(hostile, hostile, hostile, hostile)
def test_no_name_and_no_note_adds_a_property_or_breaks_a_line(
    name: str, title: str, text: str, code: str
) -> None:
    plain = feed(replace(CARE, title="x", text="x", uid="x"), name="x")
    body = feed(replace(CARE, title=title, text=text or "x", uid=code), name=name)
    assert properties(body) == properties(plain)
    calendar = feed_checked(body)
    event = calendar.walk("VEVENT")[0]
    assert calendar.one("NAME").text == readable(name)
    assert (event.one("SUMMARY").text, event.one("UID").text) == (readable(title), readable(code))
    assert event.one("DESCRIPTION").text == readable(text or "x")


@given(hostile)
def test_readable_text_keeps_everything_but_control_characters(text: str) -> None:
    said = readable(text)
    assert len(said.splitlines()) == len(said.split("\n")) - said.endswith("\n") if said else True
    if text.isprintable():
        assert said == text.replace("\ufeff", "")


@given(st.builds(
    Entry,
    uid=st.from_regex(r"[a-z-]{1,9}\.[a-z0-9]{1,9}@[a-z]{1,9}\.example", fullmatch=True),
    kind=st.just(""),
    start=st.integers(0, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    end=st.just(datetime(2101, 1, 1, tzinfo=UTC)),
    title=hostile.map(readable),
    text=hostile.map(readable),
    cancelled=st.booleans(),
    alarm=st.none() | st.integers(1, 10_000),
    related=st.none() | st.just("appointment.v1@feeds.example"),
))  # fmt: skip
def test_an_entry_can_be_read_back_from_its_block(made: Entry) -> None:
    entry = replace(
        made,
        kind=made.uid.partition(".")[0],
        busy=made.uid.startswith("appointment."),
        alarm=None if made.cancelled else made.alarm,
    )
    assert read_entry(render_entry(entry, 7, CHANGED)) == entry


@pytest.mark.parametrize("entry", [CARE, VISIT, WEEK, replace(CARE, title="a\\b;c,d", text="é" * 300)])
def test_every_line_is_as_icalendars_own_event_writes_it(entry: Entry) -> None:
    event: Any = icalendar.Event.from_ical(render_entry(entry, 3, CHANGED))
    assert event.to_ical(sorted=False) == render_entry(entry, 3, CHANGED)


@given(hostile)
def test_lines_are_folded_exactly_as_icalendar_folds_them(text: str) -> None:
    block = render_entry(replace(CARE, title=text, text=text * 3), 0, CHANGED)
    for folded in re.split(rb"\r\n(?! )", block.removesuffix(b"\r\n")):
        line = folded.replace(b"\r\n ", b"").decode()
        assert refolded(line) == folded


def refolded(line: str) -> bytes:
    """By icalendar."""
    content_line: Any = Contentline
    return bytes(content_line(line).to_ical())
