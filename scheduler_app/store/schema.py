"""Whether a database has the schema of this version; only where it has not is Alembic loaded."""

from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from scheduler_app.store.postgres import refuse_unfit

STEPS = Path(__file__).parent / "migrations" / "versions"
LOCK = 7_021_558_214  # any number, but always this one


def migrate(connection: Connection) -> None:
    """Upgrade to the newest version, inside the connection's writing transaction.

    That transaction is the lock on SQLite; on PostgreSQL an advisory lock is. Whoever waited finds
    nothing left to do. Raises Invalid for a database newer than the program.
    """
    if connection.dialect.name == "postgresql":
        refuse_unfit(connection)
        connection.execute(text("SET LOCAL lock_timeout = 0"))  # another's migration may take its time
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    if _held(connection) != [newest()]:
        from scheduler_app.store.migrating import upgrade  # eight megabytes, seldom needed

        upgrade(connection)


def newest() -> str:
    """The version of the newest step: each is called v<version>_<what it does>.py."""
    return max(step.name for step in STEPS.glob("v*.py"))[1:5]


def _held(connection: Connection) -> list[str]:
    if not inspect(connection).has_table("alembic_version"):
        return []
    return list(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
