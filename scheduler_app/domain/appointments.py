"""Appointments as we hold them, and reports about them as sources give them.

A report is a hint that something was booked, moved or called off. Reports may come twice, late or in
any order; `supersedes` decides which one is the newer, so that the end state never depends on that.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler_app.domain.quick import quickly_made
from scheduler_app.domain.story import Visit


@quickly_made
@dataclass(frozen=True, slots=True)
class Clues:
    """What a source says about who the client is. All of it may be missing.

    platform_id is unique within the source that reported it; code is the clinic's own client code.
    """

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    code: str | None = None
    platform_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True)
class Report:
    """What one source says about one appointment now.

    source and source_id name it for ever ("hooks:acme", "booking-17"; "calendar:desk", event id).
    version orders reports of one appointment where the source has one; reported_at does elsewhere.
    start and end are aware; zone is the location's IANA name. status uses FHIR's words.
    doubts: what a person must decide before rules are asked, e.g. "treatment-unknown", "title-doubtful".
    """

    source: str
    source_id: str
    status: str
    start: datetime
    end: datetime
    zone: str
    treatments: tuple[str, ...]
    clues: Clues
    reported_at: datetime
    version: int | None = None
    booked_at: datetime | None = None
    location: str = ""
    calendar: str | None = None
    title: str = ""
    doubts: tuple[str, ...] = ()
    by_staff: bool = False
    previous_id: str | None = None  # rescheduled from this source_id, which is thereby over
    series: str = ""  # of which it is an instance: one confirmation of its client covers them all
    writable: bool = True  # whether its source lets us write on it
    booked_by: str = ""  # account of whoever booked it: a hold is theirs to settle
    carries: str = ""  # "<platform> <booking id>" that its words name: the booking it is a copy of
    waited: bool = False  # bookings of its kind wait at first: where one stands somebody confirmed it


@quickly_made
@dataclass(frozen=True, slots=True)
class Appointment:
    """One booked visit as we hold it. ref is ours and opaque; client is None while nobody knows who it is."""

    ref: str
    source: str
    source_id: str
    client: str | None
    treatments: tuple[str, ...]
    start: datetime
    end: datetime
    zone: str
    status: str
    booked_at: datetime | None
    reported_at: datetime
    version: int | None = None
    location: str = ""
    calendar: str | None = None
    title: str = ""
    doubts: tuple[str, ...] = ()
    by_staff: bool = False
    replaced_by: str | None = None  # ref of the appointment it was rescheduled to
    series: str = ""
    writable: bool = True
    booked_by: str = ""
    carries: str = ""
    same_as: str | None = None  # ref of the appointment that tells of the same visit, and is judged for it

    @property
    def day(self) -> int:
        """The local day ordinal on which the visit starts."""
        return self.start.astimezone(ZoneInfo(self.zone)).toordinal()

    def visit(self) -> Visit:
        """As the judge reads it."""
        return Visit(
            self.ref,
            self.treatments,
            self.day,
            self.start.timestamp(),
            None if self.booked_at is None else self.booked_at.timestamp(),
            self.status,
            self.doubts,
        )


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an appointment that somebody changed. by is an account or a source; before is None
    for an appointment that was new."""

    by: str
    at: datetime
    field: str
    before: str | None
    after: str | None


def supersedes(report: Report, held: Appointment) -> bool:
    """Whether the report is news. An older version, or an older time where there is no version, is not."""
    if report.version is not None and held.version is not None:
        return report.version > held.version
    return report.reported_at > held.reported_at
