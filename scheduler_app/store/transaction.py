"""All parts of the store on one connection: what is done through them is committed together."""

from collections.abc import Collection
from functools import partial

from sqlalchemy.engine import Connection

from scheduler_app.domain.appointments import Clues
from scheduler_app.ports import (
    ApiKeys,
    Appointments,
    AuditLog,
    CalendarCursors,
    CalendarStates,
    Channels,
    Clients,
    Clock,
    Deliveries,
    Feeds,
    KnownSeries,
    Mails,
    Outbox,
    Personal,
    PlatformStates,
    PrivateLinks,
    Records,
    Retention,
    Verdicts,
    VisitPairs,
    WorkRows,
)
from scheduler_app.store.appointments import SqlAppointments
from scheduler_app.store.clients import SqlClients
from scheduler_app.store.connections import SqlCalendarStates, SqlChannels, SqlKnownSeries
from scheduler_app.store.cursors import SqlCursors
from scheduler_app.store.deliveries import SqlDeliveries
from scheduler_app.store.doors import SqlApiKeys, SqlAuditLog
from scheduler_app.store.feeds import SqlFeeds
from scheduler_app.store.gathered import Gathered
from scheduler_app.store.keeping import SqlRetention
from scheduler_app.store.known import SqlRecords
from scheduler_app.store.mails import SqlMails
from scheduler_app.store.outbox import SqlOutbox
from scheduler_app.store.personal import SqlPersonal
from scheduler_app.store.platforms import SqlPlatformStates, SqlVisitPairs
from scheduler_app.store.postgres import take_turn
from scheduler_app.store.private_links import SqlPrivateLinks
from scheduler_app.store.verdicts import SqlVerdicts
from scheduler_app.store.work_rows import SqlWorkRows


class SqlTransaction:
    """Implements ports.Transaction."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._gathered = Gathered()
        if connection.dialect.name == "postgresql" and connection.get_execution_options().get("writes"):
            self._gathered.turn = partial(take_turn, connection)
        self._clients = SqlClients(connection, clock, self._gathered)
        self._appointments = SqlAppointments(connection, clock, self._gathered)
        self._records = SqlRecords(connection, clock, self._gathered)
        self._verdicts = SqlVerdicts(connection, clock, self._gathered)
        self._outbox = SqlOutbox(connection, clock, self._gathered)
        self.deliveries: Deliveries = SqlDeliveries(connection, clock, self._gathered)
        self.clients: Clients = self._clients
        self.appointments: Appointments = self._appointments
        self.records: Records = self._records
        self.verdicts: Verdicts = self._verdicts
        self.outbox: Outbox = self._outbox
        self.work: WorkRows = SqlWorkRows(connection, clock, self._gathered)
        self.cursors: CalendarCursors = SqlCursors(connection, clock, self._gathered)
        self.states: CalendarStates = SqlCalendarStates(connection, clock, self._gathered)
        self.series: KnownSeries = SqlKnownSeries(connection, clock, self._gathered)
        self.channels: Channels = SqlChannels(connection, clock, self._gathered)
        self.feeds: Feeds = SqlFeeds(connection, clock, self._gathered)
        self.audit: AuditLog = SqlAuditLog(connection, clock, self._gathered)
        self.keys: ApiKeys = SqlApiKeys(connection, clock, self._gathered)
        self.links: PrivateLinks = SqlPrivateLinks(connection, clock, self._gathered)
        self.personal: Personal = SqlPersonal(connection, clock, self._gathered)
        self.retention: Retention = SqlRetention(connection, clock, self._gathered)
        self.mails: Mails = SqlMails(connection, clock, self._gathered)
        self.platforms: PlatformStates = SqlPlatformStates(connection, clock, self._gathered)
        self.pairs: VisitPairs = SqlVisitPairs(connection, clock, self._gathered)

    def expect(
        self, source: str, ids: Collection[str], clues: Collection[Clues], confirmed: Collection[str] = ()
    ) -> None:
        """As the port says."""
        self._gathered.on = True
        self._appointments.expect(source, ids)
        self._clients.expect(source, clues, (*ids, *confirmed))

    def expect_stories(self, clients: Collection[str], alone: Collection[str]) -> None:
        """As the port says."""
        self._gathered.on = True
        refs = self._appointments.expect_books(clients, alone)
        self._records.expect(clients)
        self._verdicts.expect(clients, alone)
        self._outbox.expect(refs)

    def flush(self) -> None:
        """Say what was held back: the last thing before the commit."""
        self._gathered.flush()

    def end(self) -> None:
        """Let go of everything: what a page of a calendar was read into is freed at once."""
        self._gathered.leave()
