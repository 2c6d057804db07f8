"""How far each booking platform has been read; what people said of visits that two sources tell of."""

from sqlalchemy import Boolean, Column, String, Table, Text

from scheduler_app.store.columns import Moment
from scheduler_app.store.tables.base import metadata, ref

platform_states = Table(
    "platform_states",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("read_until", Moment),
    Column("page", Text),
    Column("reading_since", Moment),
    Column("whole", Boolean, nullable=False),
    Column("whole_at", Moment),
    Column("fault", String(64), nullable=False),
    Column("fault_since", Moment),
)

visit_pairs = Table(  # two appointments of different sources: one visit, or two
    "visit_pairs",
    metadata,
    ref("one", primary_key=True),
    ref("other", primary_key=True),
    Column("same", Boolean, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
