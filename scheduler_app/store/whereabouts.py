"""Where a client's rows lie: every table has its answer, and a test walks the schema for one without.

`CLIENT` in a condition is the client's ref. A table that holds nothing about a person, or nothing that
could be told to one, stands in LEFT_OUT with the reason.
"""

from collections.abc import Mapping

from sqlalchemy import String, Table, bindparam, literal, or_, select
from sqlalchemy.sql.elements import ColumnElement

from scheduler_app.store import tables as t

CLIENT = bindparam("client", type_=String)
VISITS = select(t.appointments.c.ref).where(t.appointments.c.client == CLIENT)
FEEDS = select(t.feeds.c.ref).where(t.feeds.c.client == CLIENT)


def _by_client(*tables: Table) -> dict[Table, ColumnElement[bool]]:
    return {table: table.c.client == CLIENT for table in tables}


def _by_visit(*tables: Table) -> dict[Table, ColumnElement[bool]]:
    return {table: table.c.appointment.in_(VISITS) for table in tables}


def _own_events() -> ColumnElement[bool]:
    """Events of the calendars kept here that the client's appointments are read from."""
    events, a = t.calendar_events, t.appointments
    visit = select(a.c.ref).where(
        a.c.client == CLIENT,
        a.c.source == literal("calendar:") + events.c.calendar,
        a.c.source_id == events.c.id,
    )
    return visit.exists()


# Rows that point at others come first, so that they can be deleted in this order.
HELD: Mapping[Table, ColumnElement[bool]] = {
    t.calendar_events: _own_events(),
    **_by_visit(t.appointment_history, t.marks_written, t.mark_quarrels),
    t.verdicts: or_(t.verdicts.c.client == CLIENT, t.verdicts.c.appointment.in_(VISITS)),
    t.outbox: t.outbox.c.target.in_(VISITS),
    t.visit_pairs: or_(t.visit_pairs.c.one.in_(VISITS), t.visit_pairs.c.other.in_(VISITS)),
    t.mails: or_(t.mails.c.client == CLIENT, t.mails.c.appointment.in_(VISITS)),
    **_by_client(
        t.mail_choices,
        t.mail_bounces,
        t.treatment_facts,
        t.condition_facts,
        t.screenings,
        t.overrides,
        t.identity_confirmations,
        t.private_links,
        t.verified_contacts,
        t.identifiers,
        t.client_names,
        t.erasures,
        t.appointments,
    ),
    t.feed_entries: t.feed_entries.c.feed.in_(FEEDS),
    t.feed_bytes: t.feed_bytes.c.feed.in_(FEEDS),
    t.feed_tokens: t.feed_tokens.c.feed.in_(FEEDS),
    t.feeds: t.feeds.c.client == CLIENT,
    t.clients: t.clients.c.ref == CLIENT,
    t.audit_log: or_(t.audit_log.c.target == CLIENT, t.audit_log.c.target.in_(VISITS)),
}

# Found by their words, since nothing in them points at a person: deliveries that could not be read.
BY_WORDS = {t.deliveries}

# Kept for the client, and not told: whoever read it could not do anything else with it.
SECRETS = {
    (t.private_links, "token_sha256"),
    (t.feed_bytes, "zipped"),  # the same as the body
}

LEFT_OUT: Mapping[Table, str] = {
    t.feed_tokens: "hashes of the secret half of the client's own feed address",
    t.work: "signals: refs and times of what wants doing",
    t.calendars: "the clinic's calendars, and nothing of what is in them",
    t.cursors: "how far calendars were read",
    t.platform_states: "how far booking platforms were read",
    t.calendar_states: "how the clinic stands with each calendar",
    t.known_series: "the calendar program's own names of series",
    t.channels: "addresses at which calendars give a sign",
    t.request_budgets: "how many requests may still be made",
    t.api_keys: "programs that may ask",
    t.erased_events: "hashes of events that went with people who were erased",
}
