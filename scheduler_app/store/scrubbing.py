"""A file that forgets: what was deleted leaves SQLite's pages, and its log, too."""

import sqlite3
from contextlib import closing

from sqlalchemy.engine import Engine

from scheduler_app.errors import Unavailable
from scheduler_app.store.sql import translated

SOON = 30.0  # seconds


def scrub(engine: Engine) -> None:
    """Write SQLite's file anew and empty its log; nothing to do on PostgreSQL, where autovacuum does it.

    Needs room for a second copy of the file; writers wait meanwhile. Raises Unavailable while somebody
    reads or writes for longer than we wait.
    """
    if engine.dialect.name != "sqlite":
        return
    with closing(engine.raw_connection()) as held:
        connection = held.driver_connection
        if not isinstance(connection, sqlite3.Connection):
            raise TypeError("SQLite is spoken to through sqlite3")
        try:
            connection.execute("VACUUM")
            (busy, *_rest) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as fault:
            ours = translated(fault)
            if ours is None:
                raise
            raise ours from None
    if busy:
        raise Unavailable("the database's log could not be emptied: somebody reads", retry_in=SOON)
