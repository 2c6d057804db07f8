"""What changed in an appointment, field by field, as text a person can read."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime

from scheduler_app.domain.appointments import Appointment

FIELDS = tuple(field.name for field in fields(Appointment))
BOOKKEEPING = ("reported_at", "version")  # kept, and no news to anybody
TOLD = tuple(name for name in FIELDS if name not in BOOKKEEPING)

Changed = Mapping[str, list[str | None]]  # field -> as it was, as it is


def changed(before: Appointment, after: Appointment) -> dict[str, list[str | None]]:
    """What differs, apart from bookkeeping."""
    changes: dict[str, list[str | None]] = {}
    for name in TOLD:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            changes[name] = [_text(old), _text(new)]
    return changes


def as_new(held: Appointment | None, later: Sequence[Changed]) -> dict[str, list[str | None]]:
    """How it was first put, told from how it is and what changed since: that is not written twice."""
    changes: dict[str, list[str | None]] = {}
    for name in TOLD:
        told = next((change[name][0] for change in later if name in change), _text(getattr(held, name, None)))
        if told and not (told == str(False) and name in ("by_staff", "writable")):
            changes[name] = [None, told]
    return changes


def _text(value: object) -> str | None:
    if value is None or type(value) is str:
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value)
