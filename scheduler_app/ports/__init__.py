"""What the flow asks of the world. Ports are named by role; adapters are named by what they are.

Every method that reads a missing thing returns None unless it says NotFound. Everything inside one
`Store.transaction()` is committed together or not at all.
"""

from scheduler_app.ports.mails import Mailer, Mails, Send
from scheduler_app.ports.outside import (
    BookableCalendar,
    BookingSource,
    CalendarGateway,
    Clock,
    FeedShelf,
    Inbox,
    KeyShelf,
    RequestBudget,
    SeriesCalendar,
    WatchableCalendar,
)
from scheduler_app.ports.platforms import BookingPlatform, PlatformStates, PreventingPlatform, Receiver
from scheduler_app.ports.private import Personal, PrivateLinks, Retention
from scheduler_app.ports.records import (
    ApiKey,
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
from scheduler_app.ports.store import Store, Transaction
from scheduler_app.ports.work import Claim, HeldVerdict, Outbox, ParkedWork, Verdicts, WorkRows

__all__ = [
    "ApiKey",
    "ApiKeys",
    "Appointments",
    "AuditLog",
    "BookableCalendar",
    "BookingPlatform",
    "BookingSource",
    "CalendarCursors",
    "CalendarGateway",
    "CalendarStates",
    "Channels",
    "Claim",
    "Clients",
    "Clock",
    "Deliveries",
    "FeedShelf",
    "Feeds",
    "HeldVerdict",
    "Inbox",
    "KeyShelf",
    "KnownSeries",
    "Mailer",
    "Mails",
    "Outbox",
    "ParkedWork",
    "Personal",
    "PlatformStates",
    "PreventingPlatform",
    "PrivateLinks",
    "Receiver",
    "Records",
    "RequestBudget",
    "Retention",
    "Send",
    "SeriesCalendar",
    "Store",
    "Transaction",
    "Verdicts",
    "VisitPairs",
    "WatchableCalendar",
    "WorkRows",
]
