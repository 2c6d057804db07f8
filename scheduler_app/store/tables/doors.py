"""Who did what, and which programs may ask."""

from sqlalchemy import JSON, Column, Integer, LargeBinary, Table, Text

from scheduler_app.store.columns import Moment, Words
from scheduler_app.store.tables.base import metadata, ref

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("target", Text, nullable=False, index=True),
    Column("detail", JSON, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    ref("id", primary_key=True),
    Column("sha256", LargeBinary(32), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("scopes", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)
