"""A page of the Calendar API's events, read: one bad event never stops the rest. Pure."""

import contextlib
import re
from dataclasses import dataclass

import msgspec

from integrations.google_calendar.faults import WITHDRAWN
from integrations.google_calendar.marks import TRANSPARENT
from integrations.google_calendar.moments import Home, known_zone, times_of, zone_of
from integrations.google_calendar.shapes import (
    Event,
    Page,
    event_decoder,
    identity_decoder,
    page_decoder,
    raw_page_decoder,
)
from integrations.google_calendar.translate import event_of
from scheduler_app.domain.events import BusyTime, CalendarEvent, Unreadable
from scheduler_app.errors import Disconnected, Unavailable

_NO_TIME = frozenset({"workingLocation", "birthday"})
_BUSY_ONLY = frozenset({"none", "freeBusyReader"})
WRITERS = frozenset({"writerWithoutPrivateAccess", "writer", "owner"})
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")  # as JSON writes it; after an even number of backslashes
_WHY = "Google's answer about this event is not as it should be: open it in the calendar, and save it again"
_NO_PAGE = "Google Calendar answered something that is no page of events"


@dataclass(frozen=True, slots=True)
class Reading:
    """A page, read. unreadable: what is there, and has no time that can be understood."""

    home: Home
    events: tuple[CalendarEvent, ...]
    series: tuple[str, ...]
    unreadable: tuple[Unreadable, ...]
    next_page: str | None
    next_sync: str | None


@dataclass(frozen=True, slots=True)
class Busy:
    """A page of stretches that are taken."""

    times: tuple[BusyTime, ...]
    next_page: str | None


def reading_of(content: bytes, home: Home) -> Reading:
    """Translate a page of events. Raises Unavailable for what is no page, Disconnected where only times are
    shown to us: without their titles all events would be other events than they were.

    home: what the calendar is taken for where the page does not say.
    """
    page, bad = _opened(content)
    if page.access_role in _BUSY_ONLY:
        raise Disconnected("access-withdrawn", WITHDRAWN)
    home = _home_of(page, home)
    events: list[CalendarEvent] = []
    series: list[str] = []
    for item in page.items:
        if item.recurrence:
            series.append(item.id)
            continue
        try:
            events.append(event_of(item, home))
        except (ValueError, OverflowError):
            bad.append(Unreadable(item.id, _WHY))
            continue
        if item.status == "cancelled" and item.start is None and not item.recurring_event_id:
            series.append(item.id)  # nothing but an id is left: it may have been one
    return Reading(home, tuple(events), tuple(series), tuple(bad), page.next_page_token, page.next_sync_token)


def event_in(content: bytes) -> Event:
    """A single event as it came, or as much of it as can be read. Raises Unavailable for what is none."""
    content = _without_nul(content)
    try:
        return event_decoder.decode(content)
    except msgspec.MsgspecError:
        event = _least(content)
    if event is None:
        raise Unavailable("Google Calendar answered something that is no event")
    return event


def busy_of(content: bytes, home: Home) -> Busy:
    """What these events take, as the program shows them: a slot that we gave back is free.

    An event whose time cannot be understood takes none here. Raises Unavailable for what is no page.
    """
    page, _ = _opened(content)
    home = _home_of(page, home)
    taken = []
    for item in page.items:
        declined = any(who.itself and who.response_status == "declined" for who in item.attendees or ())
        free = item.transparency == TRANSPARENT or item.status == "cancelled" or declined
        if free or item.event_type in _NO_TIME:
            continue
        try:
            start, end, _ = times_of(item, zone_of(item, home))
        except (ValueError, OverflowError):
            continue
        if start < end:
            taken.append(BusyTime(item.id, start, end))
    return Busy(tuple(taken), page.next_page_token)


def _home_of(page: Page, home: Home) -> Home:
    zone = page.time_zone if page.time_zone and known_zone(page.time_zone) else home.zone
    writable = page.access_role in WRITERS if page.access_role else home.writable
    return Home(zone, writable, home.address)


def _without_nul(content: bytes) -> bytes:
    """Not every database keeps U+0000: one in a title would stop the reading of its whole calendar."""
    return _NUL.sub(rb"\1", content) if b"\\u0000" in content else content


def _opened(content: bytes) -> tuple[Page, list[Unreadable]]:
    content = _without_nul(content)
    try:
        return page_decoder.decode(content), []
    except msgspec.MsgspecError:
        return _piecewise(content)


def _piecewise(content: bytes) -> tuple[Page, list[Unreadable]]:
    """The page event by event; of one that is not as it should be, as much as can be read."""
    try:
        raw = raw_page_decoder.decode(content)
    except msgspec.MsgspecError:
        raise Unavailable(_NO_PAGE) from None
    items: list[Event] = []
    bad: list[Unreadable] = []
    for number, piece in enumerate(raw.items, 1):
        try:
            items.append(event_decoder.decode(piece))
        except msgspec.MsgspecError:
            event = _least(piece)
            if event is None:
                bad.append(Unreadable(f"entry {number} of a page", _WHY))
            else:
                items.append(event)
    return Page(items, raw.time_zone, raw.access_role, raw.next_page_token, raw.next_sync_token), bad


def _least(piece: msgspec.Raw | bytes) -> Event | None:
    """An event with every field left out that is not as it should be; None where it has no id.

    Its title may be among those: then nothing is recognised in it, and a person has to look.
    """
    try:
        event = Event(identity_decoder.decode(piece).id)
        given = msgspec.json.decode(piece, type=dict[str, msgspec.Raw])
    except msgspec.MsgspecError:
        return None
    for field in msgspec.structs.fields(Event):
        if field.encode_name not in given:
            continue
        with contextlib.suppress(msgspec.MsgspecError):
            setattr(event, field.name, msgspec.json.decode(given[field.encode_name], type=field.type))
    if "recurrence" in given and event.recurrence is None:
        event.recurrence = [""]  # a series all the same
    return event
