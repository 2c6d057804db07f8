"""Entries as iCalendar (RFC 5545, RFC 7986): the same feed is the same bytes, for ever.

icalendar writes the lines and the value types. Where it is not asked, there is a reason, and a test that
holds the bytes against its own. Texts are stripped of what no reader survives, since control characters
pass through it. Its TEXT escaping turns the two characters `\\N` into a line break. Its Event, its folding
and its search for a zone's name take most of the time a change costs (tests/bench/feed.py).
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from icalendar import Event, vCalAddress, vDate, vDuration, vInt
from icalendar.parser import Contentline, Parameters

from scheduler_app.domain.entries import APPOINTMENT, Entry
from scheduler_app.domain.mail import Mailbox

FORM = "1"  # raise it when the same entry is written differently: every block is then made anew
PRODID = "-//Treatment Scheduler//Client feed//EN"
COLOUR = ("darkcyan", "#008B8B")  # one colour by its CSS3 name (RFC 7986, 5.9) and as Apple writes it

_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")  # readers that split lines as Python does see four more
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
_TAIL = b"END:VCALENDAR\r\n"
_NONE = Parameters()
_WIDTH = 75  # octets that fit on a line (RFC 5545, 3.1)


class _Text(str):
    """TEXT (RFC 5545, 3.3.11) in which a backslash before an N stays what it is."""

    __slots__ = ()

    def to_ical(self) -> bytes:
        """Escaped, so that unescaping gives back exactly these characters."""
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return escaped.encode("utf-8")


def readable(text: str) -> str:
    """The text without the characters RFC 5545 forbids; every kind of line break is a plain one."""
    return _FORBIDDEN.sub("", _BREAKS.sub("\n", text))


def invitation(
    entry: Entry, sequence: int, at: datetime, method: str, organizer: Mailbox, attendee: Mailbox
) -> bytes:
    """One entry as an iTIP object (RFC 5546, 3.2.2 and 3.2.5). method: REQUEST or CANCEL.

    Only what takes the client's time asks for an answer. organizer must be who sends the mail.
    """
    begin = b"BEGIN:VEVENT\r\n"
    event = render_entry(entry, sequence, at).removeprefix(begin)  # people stand before an alarm (3.6.1)
    asked = entry.busy and method == "REQUEST"
    answer = {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"} if asked else {"RSVP": "FALSE"}
    lines = [
        b"BEGIN:VCALENDAR",
        _line("VERSION", _Text("2.0")),
        _line("PRODID", _Text(PRODID)),
        _line("CALSCALE", _Text("GREGORIAN")),
        _line("METHOD", _Text(method)),
        begin + _person("ORGANIZER", organizer, {}),
        _person("ATTENDEE", attendee, {"ROLE": "REQ-PARTICIPANT", **answer}),
        event + _TAIL,
    ]
    return b"\r\n".join(lines)


def _person(name: str, person: Mailbox, said: dict[str, str]) -> bytes:
    common = " ".join(readable(person.name).split())
    named = {"CN": common, **said} if common else said
    return _line(name, vCalAddress(f"mailto:{person.address}"), Parameters(named))


@lru_cache(maxsize=16)
def head(name: str, refresh_hours: int) -> bytes:
    """How the calendar begins: its name, its colour, how often to ask again.

    There is no METHOD and no UID here: with a METHOD readers take a feed for an invitation, and a
    calendar's UID makes some keep one event of all.
    """
    again = vDuration(timedelta(hours=refresh_hours))
    return b"\r\n".join(
        [
            b"BEGIN:VCALENDAR",
            _line("VERSION", _Text("2.0")),
            _line("PRODID", _Text(PRODID)),
            _line("CALSCALE", _Text("GREGORIAN")),
            _text("NAME", name),
            _text("X-WR-CALNAME", name),
            _line("REFRESH-INTERVAL", again, Parameters({"VALUE": "DURATION"})),
            _line("X-PUBLISHED-TTL", again),
            _line("COLOR", _Text(COLOUR[0])),
            _line("X-APPLE-CALENDAR-COLOR", _Text(COLOUR[1])),
            b"",
        ]
    )


@lru_cache(maxsize=1)
def file_head() -> bytes:
    """How a file to be imported begins: without a name, since Outlook opens a named one as a calendar."""
    said = {"VERSION": "2.0", "PRODID": PRODID, "CALSCALE": "GREGORIAN"}
    return b"\r\n".join([b"BEGIN:VCALENDAR", *(_text(*each) for each in said.items()), b""])


def join(head: bytes, blocks: Iterable[bytes]) -> bytes:
    """The whole feed. At least one block: a VCALENDAR without components is none (RFC 5545, 3.6)."""
    return b"".join([head, *blocks, _TAIL])


def render_entry(entry: Entry, sequence: int, changed_at: datetime) -> bytes:
    """One VEVENT. sequence and changed_at (aware) come from the database, never from a clock.

    Times are in UTC, so that no reader needs a VTIMEZONE, which most of them read wrongly.
    """
    stamp = _moment("DTSTAMP", changed_at)
    lines = [
        b"BEGIN:VEVENT",
        _text("UID", entry.uid),
        stamp,
        stamp.replace(b"DTSTAMP", b"LAST-MODIFIED"),
        _number("SEQUENCE", sequence),
        _bound("DTSTART", entry.start),
        _bound("DTEND", entry.end),
        _text("SUMMARY", entry.title),
    ]
    if entry.text:
        lines.append(_text("DESCRIPTION", entry.text))
    if entry.related:
        lines.append(_text("RELATED-TO", entry.related))
    lines += _standing(entry)
    if entry.alarm and not entry.cancelled:
        lines += _alarm(entry.title, entry.alarm)
    lines += [b"END:VEVENT", b""]
    return b"\r\n".join(lines)


def read_entry(block: bytes) -> Entry:
    """The entry a block of ours was made from, as far as readers see it. kind is the uid's first part."""
    event: Any = Event.from_ical(block)
    uid = str(event["UID"])
    triggers = [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")]
    return Entry(
        uid=uid,
        kind=uid.partition(".")[0],
        start=_plain(event["DTSTART"].dt),
        end=_plain(event["DTEND"].dt),
        title=str(event.get("SUMMARY", "")),
        text=str(event.get("DESCRIPTION", "")),
        cancelled=event["STATUS"] == "CANCELLED",
        busy=uid.startswith(f"{APPOINTMENT}."),
        alarm=-triggers[0] // timedelta(minutes=1) if triggers else None,
        related=str(event["RELATED-TO"]) if "RELATED-TO" in event else None,
        tentative=event["STATUS"] == "TENTATIVE",
    )


def _plain(bound: datetime | date) -> datetime | date:
    return bound.astimezone(UTC) if isinstance(bound, datetime) else bound


def _standing(entry: Entry) -> tuple[bytes, ...]:
    """Outlook reads its own property before TRANSP (MS-OXCICAL 2.1.3.1.1.20.31), so both say the same."""
    status = "CANCELLED" if entry.cancelled else "TENTATIVE" if entry.tentative else "CONFIRMED"
    busy = entry.busy and not entry.cancelled
    return _constant(status, "FREE" if not busy else "TENTATIVE" if entry.tentative else "BUSY")


@lru_cache(maxsize=16)
def _constant(status: str, busy: str) -> tuple[bytes, ...]:
    return (
        _line("STATUS", _Text(status)),
        _line("TRANSP", _Text("TRANSPARENT" if busy == "FREE" else "OPAQUE")),
        _line("CLASS", _Text("PRIVATE")),
        _line("X-MICROSOFT-CDO-BUSYSTATUS", _Text(busy)),
    )


def _alarm(title: str, minutes: int) -> list[bytes]:
    """Before the start, and relative: Outlook drops a trigger's sign, Google an absolute one's event."""
    return [
        b"BEGIN:VALARM",
        _text("ACTION", "DISPLAY"),
        _text("DESCRIPTION", title),
        _trigger(minutes),
        b"END:VALARM",
    ]


@lru_cache(maxsize=256)
def _number(name: str, number: int) -> bytes:
    return _line(name, vInt(number))


@lru_cache(maxsize=256)
def _trigger(minutes: int) -> bytes:
    return _line("TRIGGER", vDuration(timedelta(minutes=-minutes)))


def _bound(name: str, bound: datetime | date) -> bytes:
    return _moment(name, bound) if isinstance(bound, datetime) else _whole_day(name, bound)


@lru_cache(maxsize=4096)
def _whole_day(name: str, day: date) -> bytes:
    return _line(name, vDate(day), Parameters({"VALUE": "DATE"}))


@lru_cache(maxsize=4096)
def _moment(name: str, moment: datetime) -> bytes:
    # vDatetime looks the zone up in every list of zones there is, twice, to find that it is UTC
    return f"{name}:{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}".encode()


@lru_cache(maxsize=4096)  # one care text stands in the feeds of all clients
def _text(name: str, text: str) -> bytes:
    # without parameters there is nothing to put together, and every change writes dozens of these
    return _folded(f"{name}:".encode() + _Text(readable(text)).to_ical())


def _line(name: str, value: object, parameters: Parameters = _NONE) -> bytes:
    return _folded(Contentline.from_parts(name, parameters, value).encode())


def _folded(line: bytes) -> bytes:
    """As icalendar folds, a chunk instead of a character at a time: 74 octets and the space before them.

    Never inside a UTF-8 sequence, nor between a backslash or a caret and what it escapes.
    """
    if len(line) < _WIDTH:
        return line
    chunks = []
    begin = 0
    while len(line) - begin >= _WIDTH:
        end = begin + _WIDTH - 1
        while line[end] & 0xC0 == 0x80:  # the middle of a character
            end -= 1
        if line[end - 1] in b"\\^" and end - begin > 1:
            end -= 1
        chunks.append(line[begin:end])
        begin = end
    chunks.append(line[begin:])
    return b"\r\n ".join(chunks)
