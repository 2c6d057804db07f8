"""Somebody's calendar, as a file or an address -> events."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import IO

from integrations.calendar_files.archive import DAMAGED, Archive, Member
from integrations.calendar_files.encodings import utf8_chunks
from integrations.calendar_files.ical import Stream, read_streams
from integrations.calendar_files.kinds import Kind, kind_of
from integrations.calendar_files.sheet import read_sheet
from integrations.calendar_files.source import (
    HEAD,
    OnBytes,
    Progress,
    chunks_of,
    open_source,
    size_of,
)
from integrations.calendar_files.unrolling import Window
from integrations.calendar_files.zones import Zone, clinic_zone
from scheduler_app.domain.events import CalendarEvent, Unreadable

NO_CALENDAR = "there is no calendar in this archive: export the calendar again"
NESTED = "an archive inside an archive is not opened: unpack it first"
_NOT_MEANT = (".html", ".json", ".jpg", ".png", ".pdf", ".txt", ".md", ".vcf", ".xml")

Read = Iterator[CalendarEvent | Unreadable]


class CalendarFiles:
    """Reads calendar exports (.ics, .zip, .csv) and secret iCal addresses.

    What a file is, its content tells. Nothing is dropped without a word: every event or row that
    cannot be read comes as Unreadable, with its place. To-dos, journals and free/busy times are no
    events and are passed over. day_first settles what 03/04 means in a table whose dates do not tell.
    on_bytes is told how many bytes of how many are done; how many is 0 while it is unknown.
    """

    def __init__(self, *, day_first: bool | None = None, on_bytes: OnBytes | None = None) -> None:
        self._day_first = day_first
        self._on_bytes = on_bytes

    def read(self, source: str, *, window: tuple[date, date], default_zone: str) -> Read:
        """The events of one source, in its order, in memory that does not grow with them.

        source is a path or an https:// or webcal:// address (http:// on this very machine only).
        Single events come whatever their date; a series gives its instances whose local day lies in
        window, both ends included. Ids are unique in one reading. Times without a zone are in the
        calendar's own (X-WR-TIMEZONE), else in default_zone, an IANA name.

        Raises Invalid for a path or an address that cannot be used and for an unknown default_zone,
        Unavailable when the address does not answer.
        """
        home = clinic_zone(default_zone)
        name, stream = open_source(source, self._on_bytes)
        with closing(stream):
            size = size_of(stream)
            head = stream.read(HEAD)
            kind = kind_of(head)
            if not kind.readable:
                yield Unreadable(name, kind.value)
            elif kind is Kind.ZIP:
                yield from self._archive(Archive(stream, name), name, window, home)
            else:
                progress = Progress(self._on_bytes, size)
                yield from self._text(kind, _again(name, stream, head, progress), window, home)

    def _text(self, kind: Kind, stream: Stream, window: Window, home: Zone) -> Read:
        if kind is Kind.SHEET:
            return read_sheet(stream, home, self._day_first)
        return read_streams([stream], window, home)

    def _archive(self, archive: Archive, name: str, window: Window, home: Zone) -> Read:
        found: dict[Kind, list[Member]] = {Kind.ICAL: [], Kind.SHEET: []}
        told = False
        for member in archive.members():
            if isinstance(member, Unreadable):
                told = True
                yield member
                continue
            kind = kind_of(member.head)
            meant = not member.name.lower().endswith(_NOT_MEANT)
            if kind in found and (meant or kind is Kind.ICAL):
                found[kind].append(member)
            elif meant:
                told = True
                yield Unreadable(member.name, NESTED if kind is Kind.ZIP else kind.value)
        progress = Progress(self._on_bytes, sum(member.size for kept in found.values() for member in kept))
        streams = {kind: [_member(archive, m, progress) for m in kept] for kind, kept in found.items()}
        if streams[Kind.ICAL]:
            yield from read_streams(streams[Kind.ICAL], window, home)
        for stream in streams[Kind.SHEET]:
            yield from self._text(Kind.SHEET, stream, window, home)
        for broken in sorted(archive.damaged):
            yield Unreadable(broken, DAMAGED)
        if not told and not any(found.values()):
            yield Unreadable(name, NO_CALENDAR)


def _again(name: str, stream: IO[bytes], head: bytes, progress: Progress) -> Stream:
    def chunks(share: float) -> Iterator[bytes]:
        stream.seek(0)
        return utf8_chunks(progress.metered(chunks_of(stream), share), head)

    return Stream(name, chunks)


def _member(archive: Archive, member: Member, progress: Progress) -> Stream:
    def chunks(share: float) -> Iterator[bytes]:
        return utf8_chunks(progress.metered(archive.chunks(member), share), member.head)

    return Stream(member.name, chunks)
