"""Bringing a database to the schema of this version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection

from scheduler_app.errors import Invalid
from scheduler_app.store.postgres import refuse_unfit

HERE = Path(__file__).parent / "migrations"
LOCK = 7_021_558_214  # any number, but always this one


def config(connection: Connection) -> Config:
    """Alembic's, with no file: everything it needs is here."""
    settings = Config()
    settings.set_main_option("script_location", str(HERE).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def migrate(connection: Connection) -> None:
    """Upgrade to the newest version, inside the connection's writing transaction.

    That transaction is the lock on SQLite; on PostgreSQL an advisory lock is. Whoever waited finds
    nothing left to do. Raises Invalid for a database newer than the program.
    """
    if connection.dialect.name == "postgresql":
        refuse_unfit(connection)
        connection.execute(text("SET LOCAL lock_timeout = 0"))  # another's migration may take its time
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    settings = config(connection)
    scripts = ScriptDirectory.from_config(settings)
    known = {script.revision for script in scripts.walk_revisions()}
    held = set(MigrationContext.configure(connection).get_current_heads())
    if not held <= known:
        raise Invalid(
            "database-newer",
            f"the database has schema {', '.join(sorted(held - known))}, which this version does not know; "
            "a newer version wrote it. Install that version, or restore the backup made before it",
            "database",
        )
    if held != set(scripts.get_heads()):
        command.upgrade(settings, "head")
