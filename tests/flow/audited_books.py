"""Books for audits: events written in a line each, judged by the clinic's shipped rules."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from scheduler_app.bootstrap.configuration import load_config
from scheduler_app.domain.audits import Audit, AuditedClient
from scheduler_app.domain.events import CalendarEvent, Person, Unreadable
from scheduler_app.domain.titles import Reader
from scheduler_app.flow.audit import audit
from scheduler_app.ports.phones import normal_phone
from scheduler_app.rulebook import Loaded

TODAY = date(2026, 3, 1)
LONDON = "Europe/London"


@cache
def shipped() -> Loaded:
    """The configuration as it is shipped."""
    return load_config(None)


@cache
def _reader() -> Reader:
    return Reader(shipped().catalogue)


def event(
    ident: str,
    title: str,
    start: str,
    *guests: str,
    description: str = "",
    zone: str = LONDON,
    status: str = "confirmed",
    created: str | None = None,
    updated: str | None = None,
    organizer: str = "",
    all_day: bool = False,
    kind: str = "default",
    itself: Sequence[str] = (),
) -> CalendarEvent:
    """start is local to zone; guests are written "Anna Smith <anna@x.example>" or as a bare address."""
    begin = datetime.fromisoformat(start if "T" in start else f"{start}T10:00").replace(tzinfo=ZoneInfo(zone))
    return CalendarEvent(
        id=ident,
        etag="",
        status=status,
        start=begin.astimezone(UTC),
        end=(begin + timedelta(hours=1)).astimezone(UTC),
        zone=zone,
        uid=ident.partition("_")[0],
        title=title,
        description=description,
        all_day=all_day,
        kind=kind,
        organizer=_person(organizer, itself) if organizer else None,
        attendees=tuple(_person(guest, itself) for guest in guests),
        created=_stamp(created),
        updated=_stamp(updated),
    )


def _person(written: str, itself: Sequence[str]) -> Person:
    name, bracket, rest = written.partition("<")
    email = rest.rstrip(">") if bracket else written
    return Person(email, name.strip() if bracket else "", email in itself)


def _stamp(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


def audited(
    *events: CalendarEvent | Unreadable,
    today: date = TODAY,
    since: date | None = None,
    until: date | None = None,
    own: Iterable[str] = (),
    more: Iterable[Sequence[CalendarEvent]] = (),
) -> Audit:
    """The audit of these events, all in one calendar; more are other calendars."""
    period = (None if since is None else since.toordinal(), None if until is None else until.toordinal())
    return audit(
        [events, *more],
        _reader(),
        shipped().rulebook,
        today.toordinal(),
        normal_phone=lambda text: normal_phone(text, "GB"),
        own_contacts=own,
        period=period,
    )


def told(clients: Iterable[AuditedClient]) -> list[tuple[str, str, str, str]]:
    """Each finding: the visit, the outcome, the rule, the event in the way ("" for none); sorted."""
    return sorted(
        (
            visit.event.uid,
            found.finding.outcome.word,
            found.finding.rule,
            found.other.uid if found.other else "",
        )
        for client in clients
        for visit in client.visits
        for found in visit.findings
    )


CLASH = [("m", "blocked", "microneedling-after-botulinum-toxin", "b")]


def pair(
    first: str, second: str, *, guests: tuple[str, str] = ("", ""), notes: tuple[str, str] = ("", "")
) -> Audit:
    """The audit of two visits that clash if they are one person's: see `clashing`."""
    return audited(*clashing(first, second, guests, notes))


def clashing(
    first: str, second: str, guests: tuple[str, str] = ("", ""), notes: tuple[str, str] = ("", "")
) -> tuple[CalendarEvent, CalendarEvent]:
    """Botox for one, microneedling a week later for the other: titles, one guest each, descriptions."""
    one, other = ([guest] if guest else [] for guest in guests)
    return (
        event("b", f"Botox - {first}", "2026-01-05", *one, description=notes[0]),
        event("m", f"Microneedling - {second}", "2026-01-12", *other, description=notes[1]),
    )


def certain(found: Audit) -> bool:
    """Whether the clash is certain; fails unless it is either certain or possible or not there at all."""
    assert told(found.clients) in ([], CLASH)
    assert told(found.possible) in ([], CLASH)
    assert not (found.clients and found.possible)
    return told(found.clients) == CLASH


def possible(found: Audit) -> bool:
    """Whether the clash is there if two records are one person, and only then."""
    return not certain(found) and told(found.possible) == CLASH
