"""The schema. Migrations bring a database to exactly this; tests hold the two against each other.

Refs are opaque text made by the flow. Every time is UTC, with the zone's name beside it where people
live by it.
"""

from scheduler_app.store.tables.base import metadata
from scheduler_app.store.tables.book import appointment_history, appointments, verdicts
from scheduler_app.store.tables.calendars import (
    calendar_events,
    calendar_states,
    calendars,
    channels,
    cursors,
    known_series,
    request_budgets,
)
from scheduler_app.store.tables.doors import api_keys, audit_log
from scheduler_app.store.tables.feeds import feed_bytes, feed_entries, feed_tokens, feeds
from scheduler_app.store.tables.known import condition_facts, overrides, screenings, treatment_facts
from scheduler_app.store.tables.mails import OPEN_MAILS, mail_bounces, mail_choices, mails
from scheduler_app.store.tables.people import client_names, clients, identifiers, identity_confirmations
from scheduler_app.store.tables.platforms import platform_states, visit_pairs
from scheduler_app.store.tables.private import erased_events, erasures, private_links, verified_contacts
from scheduler_app.store.tables.working import (
    OPEN_STATES,
    deliveries,
    mark_quarrels,
    marks_written,
    outbox,
    work,
)

__all__ = [
    "OPEN_MAILS",
    "OPEN_STATES",
    "api_keys",
    "appointment_history",
    "appointments",
    "audit_log",
    "calendar_events",
    "calendar_states",
    "calendars",
    "channels",
    "client_names",
    "clients",
    "condition_facts",
    "cursors",
    "deliveries",
    "erased_events",
    "erasures",
    "feed_bytes",
    "feed_entries",
    "feed_tokens",
    "feeds",
    "identifiers",
    "identity_confirmations",
    "known_series",
    "mail_bounces",
    "mail_choices",
    "mails",
    "mark_quarrels",
    "marks_written",
    "metadata",
    "outbox",
    "overrides",
    "platform_states",
    "private_links",
    "request_budgets",
    "screenings",
    "treatment_facts",
    "verdicts",
    "verified_contacts",
    "visit_pairs",
    "work",
]
