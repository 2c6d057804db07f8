"""What a file is, told by its content and never by its name."""

import re
from collections.abc import Iterator
from enum import Enum

from integrations.calendar_files.encodings import utf8_chunks
from integrations.calendar_files.lines import Line, content_lines

_CALENDARS = frozenset((b"VCALENDAR", b"VEVENT", b"VTIMEZONE"))
_BINARY = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")


class Kind(Enum):
    """What is read, and why the rest is not: the value is what people are told."""

    ICAL = "a calendar"
    SHEET = "a table"
    ZIP = "an archive"
    EMPTY = "the file is empty: export the calendar again"
    HTML = (
        "this is a web page, not a calendar: the address or the export asks for a sign-in; "
        "use the calendar's secret iCal address or its export"
    )
    WORKBOOK = "this is an Excel or office document: save the table as CSV first"
    CONTACTS = "these are contacts, not a calendar: export the calendar"
    PACKED = "this is a packed file of a kind that is not read: unpack it first"
    BINARY = "this is neither a calendar (.ics, .zip) nor a table (.csv)"
    OTHER = "this is neither a calendar (.ics, .zip) nor a table with a header (.csv)"

    @property
    def readable(self) -> bool:
        """Whether there is a reader for it."""
        return self in (Kind.ICAL, Kind.SHEET, Kind.ZIP)


def kind_of(head: bytes) -> Kind:
    """The kind of a file that begins with these bytes (its first 64 KiB)."""
    packed = _packed(head)
    if packed is not None:
        return packed
    start = b"".join(utf8_chunks(iter((head,)), head)).lstrip()
    if not start:
        return Kind.EMPTY
    begins = (line.partition(b":")[2].strip().upper() for _, name, line in _beginnings(start) if name)
    if not _CALENDARS.isdisjoint(begins):
        return Kind.ICAL
    if start[:1] == b"<":
        return Kind.HTML
    if start[:11].upper() == b"BEGIN:VCARD":
        return Kind.CONTACTS
    if start[:4] == b"%PDF" or len(_BINARY.findall(start)) > len(start) / 100:
        return Kind.BINARY
    return Kind.SHEET if any(mark in start for mark in (b",", b";", b"\t", b"|")) else Kind.OTHER


def _beginnings(start: bytes) -> Iterator[Line]:
    return content_lines(iter((start,)), frozenset((b"BEGIN",)))


def _packed(head: bytes) -> Kind | None:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        # Office documents are archives that begin with this list of their parts.
        office = b"[Content_Types].xml" in head[:4096] or b"mimetypeapplication/vnd.oasis" in head[:200]
        return Kind.WORKBOOK if office else Kind.ZIP
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return Kind.WORKBOOK
    if head.startswith((b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")):
        return Kind.PACKED
    return None
