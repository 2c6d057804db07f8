"""What `scheduler google check` tries, on an event of its own that it deletes again.

Not tried, because trying it would write to people: events with guests (docs/live-check.md).
"""

import contextlib
import secrets
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from integrations.google_calendar.client import GoogleClient
from integrations.google_calendar.faults import NO_DELEGATION
from integrations.google_calendar.marks import fold, strip, unfold
from integrations.google_calendar.moments import known_zone
from integrations.google_calendar.pages import WRITERS, event_in
from integrations.google_calendar.shapes import (
    EVENT,
    PAGE,
    Event,
    Page,
    page_decoder,
    watched_decoder,
)
from integrations.google_calendar.translate import shown
from scheduler_app.domain.events import Mark
from scheduler_app.errors import Conflict, Disconnected, NotFound, SchedulerError

TITLE = "Check by the scheduler: it deletes this event itself"
_NOTE = {"scratch.check": "yes"}
_FIND = "scratch.check=yes"
_MARK = Mark("hold", "⛔check · ", "This text is taken off again.", "Tomato")
_DELEGATE = "admin.google.com, Security, API controls, Manage domain-wide delegation, Add new"
_IN_DAYS, _HOUR, _LASTS = 30, 3, timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried. ok is None where it could not be; words say what is missing and the cure."""

    name: str
    ok: bool | None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """What is to be tried. calendar: Google's name for it. shared_with: whom it has to be shared with, ""
    where that is the person who signed in. refresh_until: when Google withdraws the sign-in by itself (see
    SignIn). notices: a public address for a channel, "" where there is none.
    """

    calendar: str
    shared_with: str = ""
    refresh_until: datetime | None = None
    notices: str = ""


def steps(client: GoogleClient, tried: Tried, now: datetime) -> Iterator[Step]:
    """Try everything, one step after the other; the first that everything else needs ends it.

    Leaves nothing behind, also when it is not read to its end. No error comes through it.
    """
    yield _lasting(tried, now)
    page = yield from _read(client, tried)
    if page is None:
        return
    writable = page.access_role in WRITERS
    yield Step("write", writable, "" if writable else _share(tried))
    if not writable:
        return
    event_id = "gapcheck" + secrets.token_hex(8)
    try:
        made: list[Event] = []

        def create() -> str:
            made.append(_create(client, tried, event_id, page, now))
            return ""

        yield _tried("create", create)
        for created in made:
            yield from _write(client, tried, created)
            yield from _notices(client, tried)
    finally:
        left = _cleared(client, tried, event_id)
    yield left


def _lasting(tried: Tried, now: datetime) -> Step:
    if tried.refresh_until is None:
        return Step("lasting sign-in", True)
    days = max(0, (tried.refresh_until - now).days)
    cure = "console.cloud.google.com, OAuth consent screen: Publish app; then sign in again"
    return Step(
        "lasting sign-in",
        False,
        f"the app is in Testing, so Google withdraws this sign-in in {days} days. {cure}",
    )


def _read(client: GoogleClient, tried: Tried) -> Generator[Step, None, Page | None]:
    """Google answers, accepts the sign-in, and shows the calendar: each needs the one before."""
    names = ("answer", "sign in", "read")
    try:
        page = page_decoder.decode(client.page(tried.calendar, maxResults=1, fields=PAGE))
    except (SchedulerError, msgspec.MsgspecError) as error:
        failed, words = _where(error, tried)
        for name in names[:failed]:
            yield Step(name, True)
        yield Step(names[failed], False, words)
        return None
    for name in names:
        yield Step(name, True)
    return page


def _where(error: Exception, tried: Tried) -> tuple[int, str]:
    """Which of answer, sign in and read failed, and what is to be done."""
    code = error.code if isinstance(error, Disconnected) else ""
    if code == "sign-in-expired":
        return 1, str(error)
    if str(error) == NO_DELEGATION:
        return 1, f"{error}: {_DELEGATE}"
    if code == "program-switched-off":
        return 2, f"{error}: console.cloud.google.com, APIs & Services, Library, Google Calendar API, Enable"
    if code == "calendar-missing":
        return 2, f"the Calendar ID is wrong, or {_share(tried)}"
    if code:
        return 2, f"{error}. {_share(tried)}"
    if isinstance(error, SchedulerError):
        return 0, str(error)
    return 0, "what answers at this address is not Google Calendar"


def _share(tried: Tried) -> str:
    whom = tried.shared_with or "the person who signed in"
    return (
        f"the calendar has to be shared with {whom}: Google Calendar, the calendar's three dots, "
        "Settings and sharing, Share with specific people, Make changes to events"
    )


def _create(client: GoogleClient, tried: Tried, event_id: str, page: Page, now: datetime) -> Event:
    zone = page.time_zone if known_zone(page.time_zone) else "UTC"
    day = (now.astimezone(ZoneInfo(zone)) + timedelta(days=_IN_DAYS)).date()
    start = datetime(day.year, day.month, day.day, _HOUR, tzinfo=ZoneInfo(zone))
    body = {
        "id": event_id,
        "summary": TITLE,
        "start": {"dateTime": start.isoformat(), "timeZone": zone},
        "end": {"dateTime": (start.astimezone(UTC) + _LASTS).isoformat(), "timeZone": zone},
        "transparency": "transparent",
        "reminders": {"useDefault": False},
        "extendedProperties": {"private": _NOTE},
    }
    return event_in(client.insert(tried.calendar, body, sendUpdates="none", fields=EVENT))


def _write(client: GoogleClient, tried: Tried, created: Event) -> Iterator[Step]:
    """Over an older state: refused. A mark: written, read back, taken off, everything as before."""

    def patched(body: dict[str, Any], etag: str) -> Event:
        content = client.patch(tried.calendar, created.id, body, etag, sendUpdates="none", fields=EVENT)
        return event_in(content)

    def refused() -> str:
        try:
            patched({"summary": TITLE}, '"0"')
        except Conflict:
            return ""
        return "Google let us write over a state newer than the one we had read"

    def marked() -> str:
        written = patched(fold(shown(created), _MARK), created.etag)
        found = event_in(client.event(tried.calendar, created.id, fields=EVENT))
        if strip(shown(found))[1] != _MARK:
            return "what we wrote was not there when we read it"
        return "" if found.etag == written.etag else "the event was given another etag than our write was"

    def restored() -> str:
        now = event_in(client.event(tried.calendar, created.id, fields=EVENT))
        after = patched(unfold(shown(now)), now.etag)
        return "" if shown(after) == shown(created) else "the event is not as it was before the mark"

    for name, act in (("never over a newer state", refused), ("mark", marked), ("restore", restored)):
        yield _tried(name, act)


def _notices(client: GoogleClient, tried: Tried) -> Iterator[Step]:
    if not tried.notices:
        yield Step("notices", None, "not tried: SCHEDULER_PUBLIC_URL is not set, so Google is asked instead")
        return

    def watched() -> str:
        channel = secrets.token_hex(16)
        body = {
            "id": channel,
            "type": "web_hook",
            "address": tried.notices,
            "token": secrets.token_urlsafe(32),
            "params": {"ttl": "60"},
        }
        granted = watched_decoder.decode(client.watch(tried.calendar, body))
        client.stop({"id": channel, "resourceId": granted.resource_id})
        return ""

    yield _tried("notices", watched)


def _tried(name: str, act: Callable[[], str]) -> Step:
    """The step, with what went wrong in words."""
    try:
        words = act()
    except (SchedulerError, msgspec.MsgspecError) as error:
        words = str(error) if isinstance(error, SchedulerError) else "Google's answer cannot be read"
    return Step(name, not words, words)


def _cleared(client: GoogleClient, tried: Tried, event_id: str) -> Step:
    """Delete our event, and what an earlier check that was broken off may have left."""

    def delete() -> str:
        found = client.page(tried.calendar, privateExtendedProperty=_FIND, fields=PAGE)
        left = {item.id for item in page_decoder.decode(found).items if item.private.items() >= _NOTE.items()}
        for id in left | {event_id}:
            with contextlib.suppress(NotFound):
                client.delete(tried.calendar, id, sendUpdates="none")
        return ""

    step = _tried("delete", delete)
    if step.ok:
        return step
    return Step("delete", False, f"{step.words}. Delete it by hand, 30 days from now: {TITLE}")
