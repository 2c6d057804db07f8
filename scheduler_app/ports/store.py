"""The database, as the flow asks for it."""

from contextlib import AbstractContextManager
from typing import Protocol

from scheduler_app.ports.mails import Mails
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
    mails: Mails


class Store(Protocol):
    """The database. Contract: tests/contracts/store.py."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """A writing transaction: committed at the end, rolled back when anything is raised."""
        ...

    def reading(self) -> AbstractContextManager[Transaction]:
        """A consistent look without a write lock."""
        ...
