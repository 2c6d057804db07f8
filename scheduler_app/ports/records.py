"""Ports for what we hold: deliveries, people, the book, what is known, feeds, the audit log."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from scheduler_app.domain.appointments import Appointment, Change, Clues
from scheduler_app.domain.clients import Client, Identifier
from scheduler_app.domain.connections import CalendarState, Channel
from scheduler_app.domain.deliveries import Delivery, RefusedDelivery
from scheduler_app.domain.entries import Feed, FeedBytes, PublishedEntry
from scheduler_app.domain.facts import ConditionFact, Screening, TreatmentFact
from scheduler_app.domain.identity import Known
from scheduler_app.domain.story import Override


class Deliveries(Protocol):
    """The inbox. Rows live until settled; the key makes a second copy a duplicate."""

    def pending(self, source: str, limit: int) -> Sequence[Delivery]: ...
    def settle(self, delivery: Delivery, error: str = "") -> None: ...
    def sources_pending(self) -> Sequence[str]: ...
    def refused(self, limit: int) -> Sequence[RefusedDelivery]:
        """Those settled with an error, the newest first."""
        ...


class Clients(Protocol):
    """People, and what they are recognised by."""

    def get(self, ref: str) -> Client | None: ...
    def add(self, client: Client, identifiers: Sequence[Identifier]) -> None: ...
    def change(self, client: Client) -> None: ...
    def add_identifiers(self, ref: str, identifiers: Sequence[Identifier]) -> None: ...
    def candidates(self, clues: Clues, source: str) -> Sequence[Known]:
        """Everybody who shares an identifier or a name with the clues (normalised)."""
        ...

    def confirmed(self, source: str, source_id: str) -> str | None:
        """The client a person confirmed for this event (or series), if one did."""
        ...

    def confirm(self, source: str, source_id: str, client: str, by: str, at: datetime) -> None: ...
    def refs(self, after: str = "") -> Iterator[str]:
        """Every client's ref that sorts after `after`, in order, in memory that does not grow with them."""
        ...

    def find(self, text: str, limit: int = 20) -> Sequence[Client]:
        """For people who search: by part of the name, e-mail, phone or code."""
        ...


class Appointments(Protocol):
    """The book. Every change leaves a row of history.

    What tells of the same visit as another (`same_as`) is left out of lists, so that each visit is listed
    once, unless twins are asked for. What is asked for by name is always found.
    """

    def get(self, ref: str) -> Appointment | None: ...
    def by_source(self, source: str, source_id: str) -> Appointment | None: ...
    def of_client(self, client: str, *, twins: bool = False) -> Sequence[Appointment]:
        """All, called off ones too, in order of start. Without twins each visit is told as it is judged
        (domain.visits.once); a twin whose other half is another client's stands for itself."""
        ...

    def twins(self, ref: str) -> Sequence[Appointment]:
        """Those that tell of the same visit as this one, which is judged for them."""
        ...

    def unassigned(self) -> Sequence[Appointment]:
        """Upcoming or past, those for whom nobody knows the client; never twins."""
        ...

    def put(self, appointment: Appointment, by: str, at: datetime) -> None: ...
    def carrying(self, carried: str) -> Sequence[Appointment]:
        """Those whose words name the booking ("<platform> <booking id>")."""
        ...

    def of_series(self, source: str, series: str) -> Sequence[Appointment]:
        """The instances of a series, called off ones too, in order of start."""
        ...

    def between(
        self, start: datetime, end: datetime, calendar: str | None = None, *, twins: bool = False
    ) -> Sequence[Appointment]:
        """Those that start from start on and before end, called off ones too."""
        ...

    def count_upcoming(self, now: datetime) -> int:
        """Visits still ahead that are not called off, each once."""
        ...

    def live_in(self, calendar: str, ending_after: datetime) -> Iterator[tuple[datetime, str, str, str]]:
        """Those not called off that end after then, twins too: start, ref, source, source_id, by start.

        In memory that does not grow with them; what is put meanwhile may or may not be among them.
        """
        ...

    def history(self, ref: str) -> Sequence[Change]:
        """Who changed what and when, oldest first."""
        ...


class VisitPairs(Protocol):
    """What people said about two appointments of different sources that may tell of one visit."""

    def of(self, refs: Collection[str]) -> Mapping[tuple[str, str], bool]:
        """Decisions among these appointments: (ref, ref), the smaller first; whether they are one visit."""
        ...

    def put(self, one: str, other: str, same: bool, by: str, at: datetime) -> None: ...


class Records(Protocol):
    """What is known about a client. Nothing is overwritten; withdrawn and replaced rows stay."""

    def treatments(self, client: str) -> Sequence[TreatmentFact]: ...
    def conditions(self, client: str) -> Sequence[ConditionFact]: ...
    def screenings(self, client: str) -> Sequence[Screening]: ...
    def overrides(self, client: str) -> Sequence[Override]: ...
    def add_treatment(self, fact: TreatmentFact) -> None: ...
    def add_condition(self, fact: ConditionFact) -> None: ...
    def add_screening(self, screening: Screening) -> None: ...
    def add_override(self, override: Override, client: str) -> None: ...
    def withdraw(self, ref: str, by: str, at: datetime) -> str:
        """Mark a fact of any kind as withdrawn; its client's ref. Raises NotFound."""
        ...

    def accept(self, ref: str, by: str, at: datetime) -> str:
        """A practitioner takes a client's statement as fact; its client's ref. Raises NotFound."""
        ...


class CalendarCursors(Protocol):
    """How far each clinic calendar has been read."""

    def get(self, calendar: str) -> str | None: ...
    def put(self, calendar: str, cursor: str | None, at: datetime) -> None: ...


class CalendarStates(Protocol):
    """How we stand with each clinic calendar."""

    def get(self, calendar: str) -> CalendarState:
        """What we remember; nothing yet for a calendar never heard of."""
        ...

    def all(self) -> Sequence[CalendarState]:
        """Those we remember anything of, by calendar."""
        ...

    def put(self, state: CalendarState) -> None: ...


class KnownSeries(Protocol):
    """Series of clinic calendars, and up to when their instances have been read."""

    def put(self, calendar: str, series: str, read_until: datetime) -> None: ...
    def drop(self, calendar: str, series: str) -> None: ...
    def read_short_of(self, calendar: str, until: datetime) -> Sequence[str]:
        """Those whose instances have not been read as far as `until`."""
        ...


class Channels(Protocol):
    """Push channels, ours and those that ended lately."""

    def get(self, id: str) -> Channel | None: ...
    def of_calendar(self, calendar: str) -> Sequence[Channel]:
        """All we know, the newest last."""
        ...

    def all(self) -> Sequence[Channel]:
        """Those of every calendar, the newest last."""
        ...

    def put(self, channel: Channel) -> None: ...
    def prune(self, ended_before: datetime) -> int:
        """Forget those that expired or were stopped before then; how many."""
        ...


class Feeds(Protocol):
    """Clients' feeds, their entries as published, and the bytes polls are answered with."""

    def of_client(self, client: str) -> Feed | None: ...
    def of_token(self, token_sha256: bytes) -> Feed | None:
        """The feed this token opens; with revoked=True for one that it opened once."""
        ...

    def put(self, feed: Feed, token_sha256: bytes) -> None: ...
    def entries(self, feed: str) -> Mapping[str, PublishedEntry]: ...
    def put_entries(self, feed: str, entries: Sequence[PublishedEntry], dropped: Sequence[str]) -> None: ...
    def put_bytes(self, feed: str, served: FeedBytes) -> None: ...
    def stamp(self, feed: str) -> tuple[str, datetime] | None:
        """etag and changed_at of the bytes as they are; None where there are none yet."""
        ...

    def tokens(self, feed: str) -> Sequence[bytes]:
        """The SHA-256 of every token of the feed's current generation."""
        ...


class AuditLog(Protocol):
    """Who did what, when. Append only; names of people at the clinic, refs of clients, no health data."""

    def write(self, at: datetime, who: str, what: str, target: str, detail: Mapping[str, str]) -> None: ...
    def entries(self, target: str | None = None, limit: int = 100) -> Sequence[Mapping[str, str]]: ...


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A program that may ask. The key itself is shown once and never kept; its SHA-256 finds it."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None = None


class ApiKeys(Protocol):
    """Which programs may ask, and for what."""

    def add(self, key: ApiKey, sha256: bytes) -> None: ...
    def find(self, sha256: bytes) -> ApiKey | None:
        """The key with this hash, unless it was revoked."""
        ...

    def revoke(self, id: str, at: datetime) -> None:
        """It opens nothing from now on. Raises NotFound."""
        ...

    def list(self) -> Sequence[ApiKey]:
        """All ever made, revoked ones too."""
        ...
