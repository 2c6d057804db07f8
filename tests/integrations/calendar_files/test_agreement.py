"""Our reader beside icalendar's and recurring-ical-events', on whatever hypothesis thinks of."""

import random
import warnings
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler_app.domain.events import CalendarEvent
from tests.integrations.calendar_files.reading import SAMPLES, events, read_bytes

HOME = "Europe/London"


ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")


# Left out: angle brackets, ampersands and braces, for ours makes HTML and RTF plain; control characters,
# which ours drops.
WORDS = st.text(
    st.one_of(
        st.sampled_from("\\,;:\"'n\n äß💉\u2028"),
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<>&{\ufeff"),
    ),
    max_size=120,
)


NAMES = st.text(st.characters(categories=["L", "Zs"], include_characters=",;:'"), min_size=1, max_size=30)


LOCALS = st.datetimes(datetime.fromisoformat("1995-01-01"), datetime.fromisoformat("2035-01-01")).map(
    lambda when: when.replace(microsecond=0)
)


@st.composite
def starts(draw: st.DrawFn) -> datetime | date:
    """A date, or a floating, zoned or UTC time."""
    when = draw(LOCALS)
    kind = draw(st.sampled_from(("date", "floating", "utc", *ZONES)))
    if kind == "date":
        return when.date()
    if kind == "floating":
        return when
    return when.replace(tzinfo=UTC if kind == "utc" else ZoneInfo(kind))


@st.composite
def written_events(draw: st.DrawFn) -> icalendar.Event:
    """One event, written by icalendar."""
    event = icalendar.Event()
    event.add("uid", draw(st.uuids()).hex)
    start = draw(starts())
    event.add("dtstart", start)
    whole_day = not isinstance(start, datetime)
    length = timedelta(days=draw(st.integers(1, 9)))
    if not whole_day:
        length = timedelta(minutes=draw(st.integers(0, 600)))
    how = draw(st.sampled_from(("end", "duration", "none")))
    if how == "end":
        event.add("dtend", start + length)
    elif how == "duration":
        event.add("duration", length)
    for name in ("summary", "description", "location"):
        if draw(st.booleans()):
            event.add(name, draw(WORDS))
    event.add("categories", draw(st.lists(WORDS.filter(str.strip), min_size=1, max_size=3)))
    guest = icalendar.vCalAddress("mailto:jane@example.com")
    guest.params["CN"] = draw(NAMES)
    event.add("attendee", guest)
    if draw(st.booleans()):
        event.add("created", draw(LOCALS).replace(tzinfo=UTC))
    event.add("status", draw(st.sampled_from(("CONFIRMED", "TENTATIVE", "CANCELLED"))))
    return event


def book(*written: icalendar.Event) -> bytes:
    whole = icalendar.Calendar()
    whole.add("prodid", "-//test//EN")
    whole.add("version", "2.0")
    for event in written:
        whole.add_component(event)
    raw: bytes = whole.to_ical()
    return raw


def squeezed(value: object) -> str:
    return " ".join(str(value or "").split())


def instant(when: date) -> datetime:
    moment = when if isinstance(when, datetime) else datetime.combine(when, time())
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(HOME))).astimezone(UTC)


def end_of(event: icalendar.Event) -> datetime:
    """DTEND, or DTSTART and DURATION: days by the clock, the rest elapsed; else what RFC 5545 says."""
    start: Any = event.start
    if "DTEND" in event:
        return max(instant(start), instant(event.end))
    length: Any = getattr(event.get("DURATION"), "dt", None)
    if not isinstance(start, datetime):
        return instant(start + (length or timedelta(days=1)))
    length = length or timedelta()
    days = timedelta(days=length.days)
    end: datetime = max(instant(start), instant(start + days) + (length - days))
    return end


def essence(event: icalendar.Event) -> tuple[object, ...]:
    """What icalendar read, in our words."""
    labels = event.get("CATEGORIES", [])
    lists = labels if isinstance(labels, list) else [labels]
    created = event.get("CREATED")
    guest = event.get("ATTENDEE")
    name = squeezed(guest.params.get("CN", "")).strip(" '\"") if guest is not None else ""
    return (
        str(event["UID"]),
        instant(event.start),
        end_of(event),
        not isinstance(event.start, datetime),
        squeezed(event.get("SUMMARY")),
        squeezed(event.get("DESCRIPTION")),
        squeezed(event.get("LOCATION")),
        tuple(dict.fromkeys(squeezed(cat) for group in lists for cat in group.cats if str(cat).strip())),
        None if created is None else created.dt,
        str(event.get("STATUS", "CONFIRMED")).lower(),
        squeezed(name),
    )


def ours(event: CalendarEvent) -> tuple[object, ...]:
    """The same of what we read."""
    return (
        event.uid,
        event.start,
        event.end,
        event.all_day,
        squeezed(event.title),
        squeezed(event.description),
        squeezed(event.location),
        tuple(dict.fromkeys(squeezed(label) for label in event.labels)),
        event.created,
        event.status,
        squeezed(event.attendees[0].name) if event.attendees else "",
    )


@given(st.lists(written_events(), max_size=4))
@settings(deadline=None)
def test_what_icalendar_writes_is_read_as_icalendar_reads_it(written: list[icalendar.Event]) -> None:
    raw = book(*written)
    read = icalendar.Calendar.from_ical(raw)
    assert [ours(event) for event in events(read_bytes(raw, zone=HOME))] == [
        essence(event) for event in read.events
    ]


@given(st.lists(written_events(), min_size=1, max_size=3), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_folds_blank_lines_and_line_ends_change_nothing(
    written: list[icalendar.Event], chance: random.Random
) -> None:
    raw = book(*written)
    plain = raw.replace(b"\r\n ", b"")
    refolded = bytearray()
    for line in plain.split(b"\r\n"):
        at = 0
        while at < len(line):
            # Anywhere but before a space, which would be taken for the fold's own; inside characters too.
            length = chance.randrange(1, 100)
            refolded += (chance.choice((b"\n ", b"\r\n\t", b"\r\n\r\n ")) if at else b"") + line[
                at : at + length
            ]
            at += length
        refolded += chance.choice((b"\n", b"\r\n", b"\r\n\r\n"))
    assert read_bytes(bytes(refolded), zone=HOME) == read_bytes(raw, zone=HOME)


def _told_by_icalendar(raw: bytes) -> Counter[tuple[str, datetime]]:
    """UID and start of every sound single event icalendar finds; an error where it finds no calendar."""
    found: Counter[tuple[str, datetime]] = Counter()
    for whole in icalendar.Calendar.from_ical(raw, multiple=True):
        for event in whole.walk("VEVENT"):
            if event.errors or {"RRULE", "RDATE", "RECURRENCE-ID"} & event.keys():
                continue
            try:
                start = getattr(event, "start", None)
            except (icalendar.error.IncompleteComponent, icalendar.error.InvalidCalendar):
                continue
            once = isinstance(event.get("UID"), str) and event["UID"] != ""
            if once and isinstance(start, date) and getattr(start, "tzinfo", UTC) is not None:
                found[str(event["UID"]), instant(start)] += 1
    return found


@pytest.mark.parametrize("sample", ["google.ics", "outlook.ics", "apple.ics"])
@given(chance=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_no_event_icalendar_can_read_in_a_damaged_file_is_dropped_without_a_word(
    sample: str, chance: random.Random
) -> None:
    lines = (SAMPLES / sample).read_bytes().split(b"\r\n")
    first = lines.index(b"BEGIN:VEVENT")  # what a damaged zone means is anybody's guess
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(first, len(lines) - 2)
        change = chance.randrange(4)
        if change == 0:
            del lines[at]
        elif change == 1:
            lines.insert(at, lines[chance.randrange(1, len(lines) - 2)])
        elif change == 2:
            lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]
        else:
            lines[at] = bytes(chance.choices(b' !"%,/:;=A\\nt~', k=8)) + lines[at]
    raw = b"\r\n".join(lines)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            expected = _told_by_icalendar(raw)
        except (ValueError, IndexError, KeyError, AttributeError, TypeError):
            expected = Counter()
    found = read_bytes(raw, zone=HOME)
    read = {(item.uid, item.start) for item in found if isinstance(item, CalendarEvent)}
    missing = {key for key in expected if key not in read}
    assert len(missing) <= len(found) - len(read)
