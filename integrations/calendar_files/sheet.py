"""A table of appointments (CSV) -> events: header, separator, the way dates are written, then row by row."""

import csv
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from integrations.calendar_files.columns import NO_HEADER, Columns, columns_of
from integrations.calendar_files.encodings import text
from integrations.calendar_files.faults import Fault
from integrations.calendar_files.ical import FIRST, SECOND, Stream
from integrations.calendar_files.lines import physical_lines
from integrations.calendar_files.sheet_dates import DateOrder
from integrations.calendar_files.sheet_rows import Table
from integrations.calendar_files.zones import Zone
from scheduler_app.domain.events import CalendarEvent, Unreadable

_HEADER_WITHIN = 40  # lines: reports begin with a title and a blank line or two
_SEPARATORS = (",", ";", "\t", "|")

QUOTES = "cannot be read: a quotation mark is not closed, or stands where none may"
TOO_WIDE = "has more cells than the header: a separator inside a cell is not quoted"
BOOKED_UNREADABLE = (
    "its booking time, and maybe that of later rows, cannot be read: the order in the file counts"
)


class _Header(NamedTuple):
    columns: Columns
    separator: str
    line: int


class _Row(NamedTuple):
    first: int
    last: int
    cells: list[str] | None  # None where the quoting is broken


def read_sheet(stream: Stream, home: Zone, day_first: bool | None) -> Iterator[CalendarEvent | Unreadable]:
    """The events of a table: title from treatment and client, the phone number in the description.

    It is read twice unless day_first is given: the first reading tells how its dates are written. A row
    without a time of day is a whole day. Where it has no id, one is made from its content.
    """
    header = _header(stream)
    if header is None:
        yield Unreadable(stream.name, NO_HEADER)
        return
    visits = booked = DateOrder(day_first, declared=True)
    if day_first is None:
        visits, booked = _orders(stream, header)
    table = Table(header.columns, home, visits, booked)
    booked_told = False
    for row in _rows(stream, header, SECOND if day_first is None else FIRST + SECOND):
        where = f"{stream.name} line {row.first}"
        if row.last > row.first:
            where = f"{stream.name} lines {row.first} to {row.last}"
        try:
            if row.cells is None:
                raise Fault(QUOTES)
            if any(cell.strip() for cell in row.cells[header.columns.width :]):
                raise Fault(TOO_WIDE)
            event, booked_lost = table.event(row.cells)
        except Fault as fault:
            yield Unreadable(where, str(fault))
            continue
        if booked_lost and not booked_told:
            booked_told = True
            yield Unreadable(where, BOOKED_UNREADABLE)
        yield event


def _lines(stream: Stream, share: float) -> Iterator[str]:
    return (text(line) + "\n" for line in physical_lines(stream.chunks(share)))


def _header(stream: Stream) -> _Header | None:
    """The row that names most columns, with whichever separator it does."""
    sample = list(islice(_lines(stream, 0.0), _HEADER_WITHIN))
    best: _Header | None = None
    for separator in _SEPARATORS:
        for row in _split(iter(sample), separator):
            columns = columns_of(row.cells or ())
            if columns is not None and (best is None or len(columns.places) > len(best.columns.places)):
                best = _Header(columns, separator, row.last)
    return best


def _orders(stream: Stream, header: _Header) -> tuple[DateOrder, DateOrder]:
    """How the dates of visits and of bookings are written; the latter follow the former where unsure."""
    visits, booked = DateOrder(), DateOrder()
    for row in _rows(stream, header, FIRST):
        cells = row.cells or ()
        for role in ("start", "date", "end", "end_date"):
            visits.saw(header.columns.value(cells, role))
        booked.saw(header.columns.value(cells, "booked"))
    return visits, booked if booked.day_first is not None else visits


def _rows(stream: Stream, header: _Header, share: float) -> Iterator[_Row]:
    for row in _split(_lines(stream, share), header.separator):
        if row.first > header.line and (row.cells is None or any(cell.strip() for cell in row.cells)):
            yield row


def _split(lines: Iterator[str], separator: str) -> Iterator[_Row]:
    reader = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)
    while True:
        first = reader.line_num + 1
        try:
            cells: list[str] | None = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = None
        yield _Row(first, reader.line_num, cells)
