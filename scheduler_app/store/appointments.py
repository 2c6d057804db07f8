"""The book, with what changed in it."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, Select, bindparam, func, insert, select, text

from scheduler_app.domain.appointments import Appointment, Change
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.store.part import Part
from scheduler_app.store.sql import per_dialect, upsert
from scheduler_app.store.tables import appointment_history as h
from scheduler_app.store.tables import appointments as a

FIELDS = tuple(field.name for field in fields(Appointment))
BOOKKEEPING = ("reported_at", "version")  # kept, and no news to anybody
WHOLE: Select[Any] = select(*(a.c[name] for name in FIELDS))
IN_ORDER = WHOLE.order_by(a.c.start, a.c.ref)

BY_REF = WHOLE.where(a.c.ref == bindparam("is"))
BY_SOURCE = WHOLE.where(a.c.source == bindparam("of"), a.c.source_id == bindparam("is"))
OF_SERIES = IN_ORDER.where(
    a.c.source == bindparam("of"), a.c.series == bindparam("is"), a.c.series != text("''")
)
OF_CLIENT = IN_ORDER.where(a.c.client == bindparam("of"))
UNASSIGNED = IN_ORDER.where(a.c.client.is_(None))
BETWEEN = IN_ORDER.where(a.c.start >= bindparam("first"), a.c.start < bindparam("last"))
BETWEEN_IN = BETWEEN.where(a.c.calendar == bindparam("of"))
UPCOMING = select(func.count()).where(a.c.start >= bindparam("first"), a.c.status.not_in(sorted(NOT_HELD)))
OF_CALENDAR = (
    select(a.c.ref)
    .where(
        a.c.calendar == bindparam("of"),
        a.c.start >= bindparam("first"),
        a.c.status.not_in(("cancelled", "entered-in-error")),
    )
    .order_by(a.c.start, a.c.ref)
)
HISTORY = select(h.c.by, h.c.at, h.c.changes).where(h.c.appointment == bindparam("of")).order_by(h.c.id)
REMEMBER = insert(h)


@per_dialect
def _put(dialect: str) -> Executable:
    return upsert(dialect, a)


class SqlAppointments(Part):
    """Implements ports.Appointments."""

    def get(self, ref: str) -> Appointment | None:
        """By our own ref."""
        return self._one(BY_REF, {"is": ref})

    def by_source(self, source: str, source_id: str) -> Appointment | None:
        """By the name its source gave it."""
        return self._one(BY_SOURCE, {"of": source, "is": source_id})

    def of_client(self, client: str) -> Sequence[Appointment]:
        """All, called off ones too, in order of start."""
        return self._many(OF_CLIENT, {"of": client})

    def unassigned(self) -> Sequence[Appointment]:
        """Those whose client nobody knows."""
        return self._many(UNASSIGNED, {})

    def put(self, appointment: Appointment, by: str, at: datetime) -> None:
        """Keep it as it is now, and write down what changed. No change, no row.

        Raises Conflict when another appointment goes by the same name at its source, Invalid for a
        client nobody knows.
        """
        before = self.get(appointment.ref)
        if before == appointment:
            return
        self._do(_put(self._dialect), {name: getattr(appointment, name) for name in FIELDS})
        if changes := _changes(before, appointment):
            self._do(REMEMBER, {"appointment": appointment.ref, "by": by, "at": at, "changes": changes})

    def of_series(self, source: str, series: str) -> Sequence[Appointment]:
        """The instances of a series, called off ones too, in order of start."""
        return self._many(OF_SERIES, {"of": source, "is": series})

    def between(self, start: datetime, end: datetime, calendar: str | None = None) -> Sequence[Appointment]:
        """Those that start from start on and before end."""
        if calendar is None:
            return self._many(BETWEEN, {"first": start, "last": end})
        return self._many(BETWEEN_IN, {"first": start, "last": end, "of": calendar})

    def count_upcoming(self, now: datetime) -> int:
        """Visits still ahead that are not called off."""
        return int(self._do(UPCOMING, {"first": now}).scalar_one())

    def refs_of_calendar(self, calendar: str, from_time: datetime) -> Sequence[str]:
        """Those that start from then on and are not called off yet."""
        return list(self._do(OF_CALENDAR, {"of": calendar, "first": from_time}).scalars())

    def history(self, ref: str) -> Sequence[Change]:
        """Every change, oldest first."""
        return [
            Change(by, at, field, before, after)
            for by, at, changes in self._do(HISTORY, {"of": ref})
            for field, (before, after) in changes.items()
        ]

    def _one(self, query: Executable, values: dict[str, Any]) -> Appointment | None:
        row = self._do(query, values).first()
        return None if row is None else Appointment(*row)

    def _many(self, query: Executable, values: dict[str, Any]) -> list[Appointment]:
        return [Appointment(*row) for row in self._do(query, values)]


def _changes(before: Appointment | None, after: Appointment) -> dict[str, list[str | None]]:
    """Field by field, as text a person can read; what a new one leaves empty is no change."""
    changes: dict[str, list[str | None]] = {}
    for name in FIELDS:
        old = None if before is None else getattr(before, name)
        new = getattr(after, name)
        if old != new and name not in BOOKKEEPING and (before is not None or new):
            changes[name] = [_text(old), _text(new)]
    return changes


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value)
