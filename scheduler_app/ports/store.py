"""The database, as the flow asks for it."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from typing import Protocol

from scheduler_app.domain.appointments import Clues
from scheduler_app.ports.mails import Mails
from scheduler_app.ports.platforms import PlatformStates
from scheduler_app.ports.private import Personal, PrivateLinks, Retention
from scheduler_app.ports.records import (
    ApiKeys,
    Appointments,
    AuditLog,
    CalendarCursors,
    CalendarStates,
    Channels,
    Clients,
    Deliveries,
    Feeds,
    KnownSeries,
    Records,
    VisitPairs,
)
from scheduler_app.ports.work import Outbox, Verdicts, WorkRows


class Transaction(Protocol):
    """Everything in one commit."""

    deliveries: Deliveries
    clients: Clients
    appointments: Appointments
    records: Records
    verdicts: Verdicts
    outbox: Outbox
    work: WorkRows
    cursors: CalendarCursors
    states: CalendarStates
    series: KnownSeries
    channels: Channels
    feeds: Feeds
    audit: AuditLog
    keys: ApiKeys
    links: PrivateLinks
    personal: Personal
    retention: Retention
    mails: Mails
    platforms: PlatformStates
    pairs: VisitPairs

    def expect(
        self, source: str, ids: Collection[str], clues: Collection[Clues], confirmed: Collection[str] = ()
    ) -> None:
        """Read in a few questions what taking reports of these ids and clues will ask one by one.

        confirmed: further ids a person may have confirmed the client of (series). No answer differs from
        what asking one by one would give, but that `candidates` leaves out namesakes where somebody
        shares an identifier. What is written to them is said in sets, and raises then what it would
        have raised at once.
        """
        ...

    def expect_stories(self, clients: Collection[str], alone: Collection[str]) -> None:
        """The same for judging these clients, and these appointments of nobody's."""
        ...


class Store(Protocol):
    """The database. Contract: tests/contracts/store.py."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """A writing transaction: committed at the end, rolled back when anything is raised."""
        ...

    def reading(self) -> AbstractContextManager[Transaction]:
        """A consistent look without a write lock."""
        ...

    def scrub(self) -> None:
        """Let the file forget what was deleted from it. Raises Unavailable while others are at it."""
        ...
