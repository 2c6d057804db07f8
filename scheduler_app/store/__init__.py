"""The only home of SQL: one schema, SQLite by default, PostgreSQL for many machines."""

from scheduler_app.store.budgets import SqlRequestBudget
from scheduler_app.store.database import SqlStore, open_store
from scheduler_app.store.embedded import EmbeddedCalendar
from scheduler_app.store.inbox import GroupCommitInbox
from scheduler_app.store.shelf import SqlFeedShelf, SqlKeyShelf

__all__ = [
    "EmbeddedCalendar",
    "GroupCommitInbox",
    "SqlFeedShelf",
    "SqlKeyShelf",
    "SqlRequestBudget",
    "SqlStore",
    "open_store",
]
