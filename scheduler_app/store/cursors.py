"""How far each clinic calendar has been read."""

from datetime import datetime

from sqlalchemy import Executable, bindparam, select

from scheduler_app.store.part import Part
from scheduler_app.store.sql import per_dialect, upsert
from scheduler_app.store.tables import cursors as c

READ = select(c.c.cursor).where(c.c.calendar == bindparam("of"))


@per_dialect
def _put(dialect: str) -> Executable:
    return upsert(dialect, c)


class SqlCursors(Part):
    """Implements ports.CalendarCursors."""

    def get(self, calendar: str) -> str | None:
        """None for a calendar that must be read from the start."""
        cursor: str | None = self._do(READ, {"of": calendar}).scalar()
        return cursor

    def put(self, calendar: str, cursor: str | None, at: datetime) -> None:
        """Read so far. None: read everything again."""
        self._do(_put(self._dialect), {"calendar": calendar, "cursor": cursor, "at": at})
