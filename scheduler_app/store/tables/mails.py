"""Letters to clients, how each client wants them, and addresses that were refused."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from scheduler_app.store.columns import Moment
from scheduler_app.store.tables.base import metadata, partial, ref

OPEN_MAILS = ("planned", "waiting", "due", "sending")

mails = Table(
    "mails",
    metadata,
    ref("key", primary_key=True),
    ref("client", ForeignKey("clients.ref"), nullable=False),
    ref("appointment", ForeignKey("appointments.ref"), nullable=False, index=True),
    Column("uid", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("method", String(16), nullable=False),
    Column("plan", String(64), nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("tried_at", Moment, index=True),
    Column("error", Text, nullable=False),
    Index(None, "client", "uid", "sequence"),
)
partial("ix_mails_open", mails.c.client, where=mails.c.state.in_(OPEN_MAILS))

mail_choices = Table(
    "mail_choices",
    metadata,
    ref("client", ForeignKey("clients.ref"), primary_key=True),
    Column("by_mail", String(16), nullable=False),
    Column("address", Text, nullable=False),
)

mail_bounces = Table(
    "mail_bounces",
    metadata,
    ref("client", ForeignKey("clients.ref"), primary_key=True),
    Column("address", Text, primary_key=True),
    Column("code", String(64), nullable=False),
    Column("at", Moment, nullable=False),
)
