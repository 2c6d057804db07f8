"""opening: what somebody who holds a link may see, read from what was published and from nothing else.

So the page behind a link shows exactly what the client's calendar shows, and never more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler_app import ics
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.clients import Client
from scheduler_app.domain.clinic import Clinic
from scheduler_app.domain.entries import Entry, instant
from scheduler_app.domain.tokens import stored_form, well_formed
from scheduler_app.ports import Transaction


@dataclass(frozen=True, slots=True)
class Planned:
    """An entry with the zone it is lived in, and the bytes it was published as. visit: its opaque ref."""

    entry: Entry
    block: bytes
    visit: str
    zone: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What one link opens: its client's language, and what is still ahead, in order of time.

    starts: when the visits begin that something is planned for, by ref, in local time and order.
    """

    language: str
    planned: Sequence[Planned]
    starts: Mapping[str, datetime]

    def of_visit(self, ref: str) -> Sequence[Planned]:
        """What is planned around one visit."""
        return [each for each in self.planned if each.visit == ref]


@dataclass(frozen=True, slots=True)
class Closed:
    """A link that opens nothing. withdrawn: it did once."""

    withdrawn: bool


def opened(tx: Transaction, clinic: Clinic, token: str, now: datetime) -> Opened | Closed:
    """What the token opens. Raises Unavailable."""
    if not well_formed(token):
        return Closed(False)
    feed = tx.feeds.of_token(stored_form(token))
    client = tx.clients.get(feed.client) if feed is not None else None
    if feed is None or client is None:
        return Closed(False)
    if feed.revoked:
        return Closed(True)
    book = {visit.ref: visit for visit in tx.appointments.of_client(client.ref)}
    published = [entry for entry in tx.feeds.entries(feed.ref).values() if entry.block]
    ahead = [entry.block for entry in published if entry.ends_at > now]
    planned = [_planned(block, book, clinic) for block in ahead]
    planned.sort(key=lambda each: (instant(each.entry.start), each.entry.uid))
    awaited = {each.visit for each in planned if not each.entry.cancelled}
    starts = {
        ref: visit.start.astimezone(ZoneInfo(visit.zone)) for ref, visit in book.items() if ref in awaited
    }
    return Opened(_language(client, clinic), planned, dict(sorted(starts.items(), key=lambda one: one[1])))


def _planned(block: bytes, book: Mapping[str, Appointment], clinic: Clinic) -> Planned:
    entry = ics.read_entry(block)
    visit = book.get(entry.uid.partition(".")[2].partition("@")[0])
    if visit is None:  # a milestone, or a visit that turned out to be somebody else's
        return Planned(entry, block, "", clinic.location.zone)
    return Planned(entry, block, visit.ref, visit.zone)


def _language(client: Client, clinic: Clinic) -> str:
    return client.language if client.language in clinic.languages else clinic.languages[0]
