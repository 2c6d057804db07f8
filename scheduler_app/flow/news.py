"""What a report changes in the book. Pure: whatever the order in which reports come, the end is the same.

A report may come late, twice or not at all. The newest says how things stand; of two that are equally
new the same one always wins; and the earliest time anybody names is when it was booked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

from scheduler_app.domain.appointments import Appointment, Report, supersedes
from scheduler_app.domain.quick import quickly_made
from scheduler_app.domain.story import NOT_HELD

NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # reported_at of an appointment that nobody has reported itself
_BASE_32 = "abcdefghijklmnopqrstuvwxyz234567"  # RFC 4648, section 6, in small letters
_TWO_OF_32 = [
    one + two for one in _BASE_32 for two in _BASE_32
]  # the standard library's takes four times as long
_SHIFTS = range(120, -1, -10)


@quickly_made
@dataclass(frozen=True, slots=True)
class Whose:
    """Who the client is, and the doubts about that."""

    client: str | None
    doubts: tuple[str, ...] = ()


def ref_of(source: str, source_id: str) -> str:
    """Our name for what a source calls source_id: for ever the same, so that a repeated run finds it."""
    digest = sha256(f"{source}\0{source_id}".encode()).digest()
    bits = int.from_bytes(digest[:16], "big") << 2  # 128, filled up to thirteen times ten
    return "v" + "".join([_TWO_OF_32[bits >> shift & 1023] for shift in _SHIFTS])


def is_news(report: Report, held: Appointment | None) -> bool:
    """Whether the report tells of a newer state than the one we hold."""
    if held is None:
        return True
    same = (
        report.version == held.version
        if report.version is not None and held.version is not None
        else report.reported_at == held.reported_at
    )
    if same:
        return _weight(report) > _weight(held)
    return supersedes(report, held)


def _weight(said: Report | Appointment) -> tuple[object, ...]:
    """Orders states of one appointment that claim to be equally new. A call-off outweighs the rest."""
    return (
        said.status in NOT_HELD,
        said.status,
        said.start,
        said.end,
        said.zone,
        said.treatments,
        said.location,
        said.title,
    )


def as_reported(report: Report, held: Appointment | None, whose: Whose) -> Appointment:
    """The appointment as the report tells it. What was rescheduled stays over, whatever is said of it."""
    replaced_by = held.replaced_by if held else None
    return Appointment(
        ref=held.ref if held else ref_of(report.source, report.source_id),
        source=report.source,
        source_id=report.source_id,
        client=whose.client,
        treatments=report.treatments,
        start=report.start.astimezone(UTC),
        end=report.end.astimezone(UTC),
        zone=report.zone,
        status="cancelled" if replaced_by else report.status,
        booked_at=booked_first(report, held),
        reported_at=report.reported_at,
        version=report.version,
        location=report.location,
        calendar=report.calendar,
        title=report.title,
        doubts=merged((*report.doubts, *whose.doubts)),
        by_staff=report.by_staff,
        replaced_by=replaced_by,
        series=report.series,
        writable=report.writable,
        booked_by=report.booked_by,
        carries=report.carries,
        same_as=held.same_as if held else None,
    )


def booked_first(report: Report, held: Appointment | None) -> datetime:
    """When it was booked: the earliest time anybody named. Moving a visit does not make it younger."""
    said = report.booked_at or report.reported_at
    return min(said, held.booked_at, key=_second_first) if held and held.booked_at else said


def _second_first(moment: datetime) -> tuple[datetime, int]:
    """A whole second may be all that somebody tells of a moment: another one within it says more."""
    return moment.replace(microsecond=0), moment.microsecond or 1_000_000


def same_state(one: Appointment, other: Appointment) -> bool:
    """Whether they differ in nothing but when it was said."""
    return replace(one, reported_at=other.reported_at, version=other.version) == other


def closed(source_id: str, successor: Appointment, held: Appointment | None) -> Appointment:
    """The appointment that `successor` was rescheduled from: over, even if we never heard of it before."""
    if held is not None:
        return replace(held, status="cancelled", replaced_by=successor.ref)
    return replace(
        successor,
        ref=ref_of(successor.source, source_id),
        source_id=source_id,
        status="cancelled",
        booked_at=None,
        reported_at=NEVER,
        version=None,
        replaced_by=successor.ref,
    )


def merged(doubts: Sequence[str]) -> tuple[str, ...]:
    """Each doubt once, in order."""
    return tuple(dict.fromkeys(doubts)) if doubts else ()
