"""What the embedded calendar says to the database."""

from sqlalchemy import Executable, bindparam, delete, insert, select, update

from scheduler_app.store.sql import insert_new, per_dialect
from scheduler_app.store.tables import calendar_events as e
from scheduler_app.store.tables import calendars as c

POSITION = select(c.c.sequence, c.c.floor).where(c.c.id == bindparam("named"))
LOCK = POSITION.with_for_update()
NEXT = update(c).where(c.c.id == bindparam("named")).values(sequence=c.c.sequence + 1).returning(c.c.sequence)
RAISE_FLOOR = update(c).where(c.c.id == bindparam("named")).values(floor=bindparam("to"))

IN_CALENDAR = select(e).where(e.c.calendar == bindparam("of"))
EVENT = IN_CALENDAR.where(e.c.id == bindparam("is"))
SINCE = IN_CALENDAR.where(e.c.sequence > bindparam("after")).order_by(e.c.sequence).limit(bindparam("most"))
BETWEEN = IN_CALENDAR.where(
    e.c.start < bindparam("last"), e.c.end > bindparam("first"), e.c.status != "cancelled"
).order_by(e.c.start, e.c.id)
ADD = insert(e)
CHANGE = update(e).where(e.c.calendar == bindparam("of"), e.c.id == bindparam("is"))
PRUNE = (
    delete(e)
    .where(e.c.calendar == bindparam("of"), e.c.status == "cancelled", e.c.updated < bindparam("before"))
    .returning(e.c.sequence)
)


@per_dialect
def keep(dialect: str) -> Executable:
    """A calendar that is there already stays as it is."""
    return insert_new(dialect, c)
