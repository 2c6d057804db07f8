"""All parts of the store on one connection: what is done through them is committed together."""

from sqlalchemy.engine import Connection

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
    Records,
    Verdicts,
    WorkRows,
)
from scheduler_app.store.appointments import SqlAppointments
from scheduler_app.store.clients import SqlClients
from scheduler_app.store.connections import SqlCalendarStates, SqlChannels, SqlKnownSeries
from scheduler_app.store.cursors import SqlCursors
from scheduler_app.store.deliveries import SqlDeliveries
from scheduler_app.store.doors import SqlApiKeys, SqlAuditLog
from scheduler_app.store.feeds import SqlFeeds
from scheduler_app.store.known import SqlRecords
from scheduler_app.store.mails import SqlMails
from scheduler_app.store.outbox import SqlOutbox
from scheduler_app.store.verdicts import SqlVerdicts
from scheduler_app.store.work_rows import SqlWorkRows


class SqlTransaction:
    """Implements ports.Transaction."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self.deliveries: Deliveries = SqlDeliveries(connection, clock)
        self.clients: Clients = SqlClients(connection, clock)
        self.appointments: Appointments = SqlAppointments(connection, clock)
        self.records: Records = SqlRecords(connection, clock)
        self.verdicts: Verdicts = SqlVerdicts(connection, clock)
        self.outbox: Outbox = SqlOutbox(connection, clock)
        self.work: WorkRows = SqlWorkRows(connection, clock)
        self.cursors: CalendarCursors = SqlCursors(connection, clock)
        self.states: CalendarStates = SqlCalendarStates(connection, clock)
        self.series: KnownSeries = SqlKnownSeries(connection, clock)
        self.channels: Channels = SqlChannels(connection, clock)
        self.feeds: Feeds = SqlFeeds(connection, clock)
        self.audit: AuditLog = SqlAuditLog(connection, clock)
        self.keys: ApiKeys = SqlApiKeys(connection, clock)
        self.mails: Mails = SqlMails(connection, clock)
