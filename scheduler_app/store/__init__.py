"""The only home of SQL: one schema, SQLite by default, PostgreSQL for many machines."""

from scheduler_app.store.database import SqlStore, open_store

__all__ = ["SqlStore", "open_store"]
