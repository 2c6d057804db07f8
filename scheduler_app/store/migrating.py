"""Bringing a database to the schema of this version, by Alembic."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from scheduler_app.errors import Invalid
from scheduler_app.store.schema import STEPS


def config(connection: Connection) -> Config:
    """Alembic's, with no file: everything it needs is here."""
    settings = Config()
    settings.set_main_option("script_location", str(STEPS.parent).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def upgrade(connection: Connection) -> None:
    """Take the steps that are missing. Raises Invalid for a database newer than the program."""
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
