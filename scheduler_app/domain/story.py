"""One client's story as the judge reads it: items that happened, visits that are booked.

Item and Visit are named tuples, the one exception to frozen dataclasses here: a check of ten items
makes ten of them, and a named tuple is built four times faster.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from scheduler_app.domain.quick import quickly_made

LONG_AGO = 0  # before every date there is: a course whose first dose nobody knows
ONGOING = 10_000_000  # after every date there is: a course still being taken

NOT_HELD = frozenset({"cancelled", "noshow", "entered-in-error"})
TOOK_PLACE = frozenset({"arrived", "fulfilled"})
STATUSES = NOT_HELD | TOOK_PLACE | {"proposed", "pending", "booked"}


class Item(NamedTuple):
    """Something that gap rules are held against: a treatment on a day, or a course from first to last dose.

    first and last are day ordinals and equal for a treatment; a course may begin LONG_AGO and be ONGOING.
    ref names the fact or the appointment; presumed is a past visit nobody confirmed.
    """

    treatment: str
    first: int
    last: int
    ref: str | None = None
    presumed: bool = False
    course: bool = False


class Visit(NamedTuple):
    """An appointment, reduced to what judging needs.

    day: local day ordinal in the location's zone. start and booked_at: seconds since 1970 (UTC);
    a booking without booked_at ranks before every booking with one. status: FHIR's words.
    doubts: what already calls for a person before any rule is asked ("client-unknown").
    """

    ref: str
    treatments: tuple[str, ...]
    day: int
    start: float = 0.0
    booked_at: float | None = None
    status: str = "booked"
    doubts: tuple[str, ...] = ()

    def took_place(self, today: int) -> bool:
        """Whether it counts as a fact: arrived, fulfilled, or past and not called off."""
        return self.status in TOOK_PLACE or (self.day < today and self.status not in NOT_HELD)

    def items(self, today: int) -> list[Item]:
        """What other appointments are held against; presumed where it is past and nobody confirmed it."""
        presumed = self.day < today and self.status not in TOOK_PLACE
        return [Item(code, self.day, self.day, self.ref, presumed) for code in self.treatments]


@dataclass(frozen=True, slots=True)
class Override:
    """A practitioner let one finding stand. Void when the date, the treatments or the finding change.

    finding is Finding.key of the finding it answers.
    """

    appointment: str
    day: int
    treatments: tuple[str, ...]
    finding: str
    reason: str
    by: str
    comment: str = ""
    at: float = 0.0


@quickly_made
@dataclass(frozen=True, slots=True)
class Story:
    """All we hold about one client.

    conditions is None where nobody asked (then nothing about screening is judged). cleared maps a
    condition's code to the last day ordinal on which a practitioner's clearance holds.
    """

    items: tuple[Item, ...] = ()
    visits: tuple[Visit, ...] = ()
    conditions: tuple[str, ...] | None = None
    cleared: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    screened_on: int | None = None
    overrides: tuple[Override, ...] = ()
