"""What only PostgreSQL needs: how it is reached, what it must be, and whose turn it is to write."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import URL, text
from sqlalchemy.engine import Connection

from scheduler_app.errors import Invalid

DRIVER = "postgresql+psycopg"
OLDEST = 15
WAIT_MS = 15_000  # for a lock; then somebody is told to come again
IDLE_MS = 60_000  # a process that hangs in a transaction must not hold up the others for good
# A machine that vanished is noticed within seconds, and not after the two hours of TCP.
REACHING = {
    "connect_timeout": "5",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
WRITING = 7_021_558_215  # any number, but always this one, and not the one of migrating
_TURN = text("SELECT pg_advisory_xact_lock(:lock)").bindparams(lock=WRITING)


def reached(address: URL) -> tuple[URL, Mapping[str, Any]]:
    """The address as our driver takes it, and what else to tell it; whatever the address says itself wins."""
    given = address.query.get("options", "")
    options = f"-c lock_timeout={WAIT_MS} -c idle_in_transaction_session_timeout={IDLE_MS} {given}"
    told = {name: value for name, value in REACHING.items() if name not in address.query}
    return address.set(drivername=DRIVER), {**told, "options": options.strip()}


def refuse_unfit(connection: Connection) -> None:
    """Raises Invalid for a server that is too old, and a database that cannot hold every name."""
    version, encoding = connection.execute(
        text("SELECT current_setting('server_version_num')::int, current_setting('server_encoding')")
    ).one()
    if version < OLDEST * 10_000:
        fault = f"PostgreSQL {version // 10_000} is too old: version {OLDEST} or newer is needed"
        raise Invalid("database-old", fault, "database")
    if encoding != "UTF8":
        fault = f"the database keeps its text as {encoding}: make it with ENCODING 'UTF8'"
        raise Invalid("database-encoding", fault, "database")


def take_turn(connection: Connection) -> None:
    """Wait for every other transaction of the flow that writes, in whatever process, until it has ended.

    Who looks for somebody and then adds them must not be passed by one who does the same: there would
    be two clients, each with half of the story, and their visits would look clear. SQLite's one write
    lock sees to that by itself. What is read after this is what all those before have written.
    """
    connection.execute(_TURN)
