"""Content lines of an iCalendar stream: unfolded, numbered, one at a time (RFC 5545 3.1).

Only the properties asked for are put together; the rest is passed over without being copied, so that
an attachment of many megabytes costs nothing.
"""

import re
from collections.abc import Iterator, Set

LONGEST = 1 << 20  # bytes kept of one content line: RFC 5545 sets no limit, memory does

_NAME = re.compile(rb"([A-Za-z0-9_.-]+)[ \t]*[;:]")

# Every property of RFC 5545, 7986, 9073, 9253 and of vCalendar 1.0. Whatever else stands before a colon
# is prose: a program that forgot to escape a line break inside a description.
KNOWN = frozenset(
    b"ACKNOWLEDGED ACTION AALARM ATTACH ATTENDEE BEGIN BUSYTYPE CALENDAR-ADDRESS CALSCALE CATEGORIES CLASS "
    b"COLOR COMMENT COMPLETED CONCEPT CONFERENCE CONTACT CREATED DALARM DAYLIGHT DCREATED DESCRIPTION DTEND "
    b"DTSTAMP DTSTART DUE DURATION END EXDATE EXRULE FREEBUSY GEO IMAGE LAST-MODIFIED LINK LOCATION "
    b"LOCATION-TYPE MALARM METHOD NAME ORGANIZER PALARM PARTICIPANT-TYPE PERCENT-COMPLETE POLL-ITEM-ID "
    b"PRIORITY PRODID PROXIMITY RDATE RECURRENCE-ID REFID REFRESH-INTERVAL RELATED-TO REPEAT REQUEST-STATUS "
    b"RESOURCES RESOURCE-TYPE RNUM RRULE SEQUENCE SOURCE STATUS STRUCTURED-DATA STYLED-DESCRIPTION SUMMARY "
    b"TRANSP TRIGGER TZ TZID TZID-ALIAS-OF TZNAME TZOFFSETFROM TZOFFSETTO TZUNTIL TZURL UID URL "
    b"VERSION".split()
)

Line = tuple[int, bytes, bytes]
"""Number of its first physical line; the property's name in capitals, or b"" for prose; the whole line."""


def physical_lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Lines without their ends, whether CRLF, LF or CR; one that never ends is cut near LONGEST."""
    tail = b""
    for chunk in chunks:
        block = tail + chunk
        # A CR that closes the block may be half of a CRLF.
        end = max(block.rfind(b"\n"), block.rfind(b"\r", 0, -1)) + 1
        tail = block[end:] if end else block[:LONGEST]
        yield from block[:end].splitlines()
    yield from tail.splitlines()


def content_lines(chunks: Iterator[bytes], wanted: Set[bytes]) -> Iterator[Line]:
    """The wanted content lines, and prose where a property should stand, in file order.

    A fold is a line break before a space or a tab, anywhere: inside a name or a UTF-8 sequence too.
    Blank lines are passed over. Quoted-printable soft line breaks (vCalendar 1.0) are joined.
    """
    names = _Names(wanted)
    held: list[bytes] = []
    name: bytes | None = b""  # of what is held; None while a fold may stand inside it
    first = size = 0
    soft = False
    for number, raw in enumerate(physical_lines(chunks), 1):
        if not raw:
            continue
        if soft or raw[0] == _SPACE or raw[0] == _TAB:
            if held and size < LONGEST:
                if soft:
                    held[-1] = held[-1][:-1]
                held.append(raw if soft else raw[1:])
                size += len(held[-1])
            soft = soft and raw.endswith(b"=")
            continue
        if held:
            yield from _whole(first, name, held, names)
            held = []
        match = _NAME.match(raw)
        name = None if match is None else names[match[1]]
        if name == _PASSED_OVER:
            continue
        held.append(raw)
        first, size = number, len(raw)
        soft = raw[-1] == _EQUALS and b"QUOTED-PRINTABLE" in raw.upper()
    if held:
        yield from _whole(first, name, held, names)


_SPACE, _TAB, _EQUALS = b" \t="
_PASSED_OVER = b"-"


class _Names(dict[bytes, bytes]):
    """A name as written -> in capitals where it is wanted, b"" for prose, _PASSED_OVER for the rest."""

    def __init__(self, wanted: Set[bytes]) -> None:
        super().__init__()
        self._wanted = wanted

    def __missing__(self, written: bytes) -> bytes:
        name = written.upper()
        if name in self._wanted:
            meant = name
        else:
            meant = _PASSED_OVER if name in KNOWN or name.startswith(b"X-") else b""
        if len(self) < 1000:  # a file may invent names without end
            self[written] = meant
        return meant


def _whole(number: int, name: bytes | None, held: list[bytes], names: _Names) -> Iterator[Line]:
    line = held[0] if len(held) == 1 else b"".join(held)
    if name is None:
        match = _NAME.match(line)
        name = b"" if match is None else names[match[1]]
    if name != _PASSED_OVER:
        yield number, name, line[:LONGEST]
