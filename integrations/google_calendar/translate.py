"""From the Calendar API's events to ours. Pure.

Times become UTC; an all-day event lasts from local midnight to local midnight of its calendar. A master of a
series is no event: its instances are. Source: the Events resource,
https://developers.google.com/workspace/calendar/api/v3/reference/events
"""

from collections.abc import Sequence
from functools import lru_cache

from integrations.google_calendar.block import plain
from integrations.google_calendar.colours import NAMES
from integrations.google_calendar.ledger import digest
from integrations.google_calendar.marks import TRANSPARENT, Shown, strip, touched
from integrations.google_calendar.moments import Home, instant_of, made_at, times_of, zone_of
from integrations.google_calendar.shapes import Event, Who
from scheduler_app.domain.events import CalendarEvent, Person

_STANDING = "confirmed"
_PRIVATE = frozenset({"private", "confidential"})  # whoever may not read those gets no title
_NONE: dict[str, str | None] = {}


def event_of(item: Event, home: Home) -> CalendarEvent:
    """One event with our mark taken off. Raises ValueError where its times cannot be understood."""
    zone = zone_of(item, home)
    start, end, all_day = times_of(item, zone)
    created, updated = instant_of(item.created), instant_of(item.updated)
    title, described = item.summary or "", item.description or ""
    colour, label, mark = item.color_id or "", item.event_label_id or "", None
    free = item.transparency == TRANSPARENT
    private = item.extended_properties.private if item.extended_properties else _NONE
    if touched(private, described):
        own, mark = strip(Shown(title, described, colour, label, free, private))
        title, described = own.title, own.description
        colour, label, free = own.colour, own.label, own.free
    hidden = item.summary is None and item.visibility in _PRIVATE
    return CalendarEvent(
        item.id,
        item.etag,
        item.status or _STANDING,
        start,
        end,
        zone,
        item.uid,
        title,
        plain(described),
        item.location or "",
        all_day,
        not free,
        item.event_type,
        NAMES.get(colour, colour),
        (label,) if label else (),
        _person(item.organizer),
        _people(item.attendees),
        made_at(created, updated),
        updated,
        bool(item.recurring_event_id),
        mark,
        item.recurring_event_id or "",
        home.writable and not hidden and _is_ours(item, home),
        _person(item.creator),
        hidden,
    )


def shown(item: Event) -> Shown:
    """What of an event a mark may touch."""
    return Shown(
        item.summary or "",
        item.description or "",
        item.color_id or "",
        item.event_label_id or "",
        item.transparency == TRANSPARENT,
        item.private,
    )


def inputs_hash(event: CalendarEvent) -> str:
    """A hash of what an event is judged by: not of its colour, nor of anything we write."""
    guests = sorted(f"{guest.email}\n{guest.name}" for guest in event.attendees)
    times = event.start.isoformat(), event.end.isoformat()
    return digest((*times, event.title, event.description, event.status, *guests))


def _person(who: Who | None) -> Person | None:
    return _known(who.email, who.display_name, who.itself) if who is not None else None


def _people(guests: Sequence[Who] | None) -> tuple[Person, ...]:
    """Everybody invited; rooms and other things are nobody."""
    if not guests:
        return ()
    return tuple([_known(who.email, who.display_name, who.itself) for who in guests if not who.resource])


# The same few people keep a calendar, and its guests come again.
_known = lru_cache(maxsize=4096)(Person)


def _is_ours(item: Event, home: Home) -> bool:
    """Whether changes reach everybody's copy, and are allowed at all."""
    by = item.organizer
    own = by is None or by.itself or (bool(by.email) and by.email.lower() == home.address.lower())
    return own and not item.locked and item.event_type == "default"
