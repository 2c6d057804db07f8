"""SQLite's one write lock, among processes; `turns` sees to the threads of one.

Left to itself whoever waits looks again after up to a tenth of a second, and never finds the lock free while
another process takes it again and again: a webhook would wait until everybody is judged. So those who wait
look every other millisecond, and whoever held it for long leaves it alone for a moment.
"""

import sqlite3
import time

LOOK = 0.002  # seconds between two looks
LONG = 0.02  # others may have come meanwhile
PAUSE = 0.004
LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def begin_writing(connection: sqlite3.Connection, busy_ms: int) -> None:
    """Take the write lock, in a transaction that begins. Raises sqlite3.OperationalError when it was taken
    for busy_ms, and whatever else is wrong at once."""
    until = time.monotonic() + busy_ms / 1000
    connection.execute("PRAGMA busy_timeout=0")
    try:
        while not _begun(connection, last=time.monotonic() >= until):
            time.sleep(LOOK)
    finally:
        connection.execute(f"PRAGMA busy_timeout={busy_ms}")


def leave_to_others(held: float) -> None:
    """After a transaction that took so many seconds: a moment for those who wait."""
    if held >= LONG:
        time.sleep(PAUSE)


def _begun(connection: sqlite3.Connection, *, last: bool) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as fault:
        if last or fault.sqlite_errorcode & 0xFF not in LOCKED:
            raise
        return False
    return True
