"""One visit, two sources: a booking platform that writes into the clinic's calendar tells of it twice.

The booking is what is judged, its copy in the calendar is where receptionists look. Two of one kind of
source are never one visit, nor are two of different people. Whatever may be one visit and is not certain
is judged as one, or the two would forbid each other, and a person is asked. Nothing here depends on the
order in which anything was told.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.story import NOT_HELD

CALENDAR = "calendar:"  # begins the source of whatever is read from a clinic calendar
DISAGREE = "sources-disagree"  # the doubt where it is one visit and the two tell different things of it
TWICE = "visit-twice"  # the doubt where it may be one visit or two
NEAR = timedelta(minutes=30)
NOSHOW = "noshow"  # of a booking: not held, and its copy in the calendar was not held either

# Beginnings of doubts about what stands in an event that the booking answers: for whom and what it is.
ANSWERED = (
    "client-",
    "identity-",
    "treatment-",
    "service-",
    "defaults-",
    "title-follow-up",
    "title-too-long",
)

Decided = Mapping[tuple[str, str], bool]  # refs, the smaller first -> whether a person says it is one visit
UNDECIDED: Decided = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SameVisits:
    """twins: ref of an event -> ref of the booking that is judged for it. doubts: by the ref judged."""

    twins: Mapping[str, str] = field(default_factory=dict)
    doubts: Mapping[str, str] = field(default_factory=dict)


def from_calendar(told: Appointment) -> bool:
    """Whether it was read from a clinic calendar; if not, it was made on a booking platform."""
    return told.source.startswith(CALENDAR)


def name_of(booking: Appointment) -> str:
    """As events carry it (Appointment.carries)."""
    return f"{booking.source} {booking.source_id}"


def pair_of(one: str, other: str) -> tuple[str, str]:
    """Two refs, the smaller first."""
    return (one, other) if one < other else (other, one)


def same_visits(
    told: Iterable[Appointment], elsewhere: Iterable[Appointment] = (), decided: Decided = UNDECIDED
) -> SameVisits:
    """Which of the appointments tell of one visit, and what a person must look at because of that.

    Certain are: what a person decided, an event that carries the booking's id (or the id of one that was
    rescheduled to it), and the same client, minute and treatments, where one may tell fewer. Doubtful:
    the same client and day, times that overlap or begin within half an hour, a treatment in common. A
    booking has one event at most and the reverse, the nearest. Called off ones pair with nothing.
    elsewhere: bookings of other stories that events carry, and what those were rescheduled to.
    """
    told = sorted(told, key=lambda each: each.ref)
    named = _Named((*elsewhere, *told))
    events = [each for each in told if from_calendar(each) and each.status not in NOT_HELD]
    bookings = [each for each in told if not from_calendar(each) and _may_pair(each)]
    likenesses = [
        likeness
        for event in events
        for booking in bookings
        if (likeness := _likeness(booking, event, named.by(event), decided)) is not None
    ]
    twins: dict[str, str] = {}
    doubts: dict[str, str] = {}
    for found in sorted(likenesses, key=lambda each: each.order):
        booking, event = found.booking, found.event
        if event.ref in twins or booking.ref in twins.values():
            continue
        twins[event.ref] = booking.ref
        if found.doubt:
            doubts[booking.ref] = found.doubt
    for event in events:
        if event.ref not in twins and _is_left_over(event, named.by(event), decided):
            doubts[event.ref] = DISAGREE
    return SameVisits(twins, doubts)


def once(told: Iterable[Appointment]) -> list[Appointment]:
    """Each visit once: what tells of the same one is folded into the one that is judged (`same_as`).

    One whose other half is not among them stands for itself.
    """
    told = list(told)
    twins = twins_among(told)
    if not twins:
        return told
    folded = {each.ref: each for each in told if each.ref not in twins}
    for each in told:
        if each.ref in twins:
            folded[twins[each.ref]] = as_one(folded[twins[each.ref]], each)
    return list(folded.values())


def twins_among(told: Sequence[Appointment]) -> dict[str, str]:
    """Ref of whatever tells of the same visit as another of them -> ref of that other."""
    twins = {each.ref: each.same_as for each in told if each.same_as is not None}
    if not twins:
        return twins  # nearly always, and on the hot path
    alone = {each.ref for each in told if each.same_as is None}
    return {ref: other for ref, other in twins.items() if other in alone}


def as_one(booking: Appointment, event: Appointment) -> Appointment:
    """The visit as it is judged: the booking, booked when it was first told of, for all that is told.

    A treatment that only the calendar tells of counts, and so does a doubt that the booking does not answer.
    """
    known = [each.booked_at for each in (booking, event) if each.booked_at is not None]
    more = [code for code in event.treatments if code not in booking.treatments]
    open_doubts = [doubt for doubt in event.doubts if not doubt.startswith(ANSWERED)]
    return replace(
        booking,
        booked_at=min(known, default=None),
        treatments=(*booking.treatments, *more),
        doubts=tuple(dict.fromkeys((*booking.doubts, *open_doubts))),
    )


@dataclass(frozen=True, slots=True)
class _Likeness:
    """Why two may be one visit. rank: 0 for a person's word, 1 for an id, 2 for alike, 3 for doubtful."""

    rank: int
    booking: Appointment
    event: Appointment
    doubt: str = ""

    @property
    def order(self) -> tuple[object, ...]:
        """The most certain and the nearest first."""
        apart = abs(self.booking.start - self.event.start)
        common = len(set(self.booking.treatments) & set(self.event.treatments))
        return self.rank, apart, -common, self.booking.ref, self.event.ref


class _Named:
    """The bookings that events carry, by their names and refs.

    A clinic may have two accounts at one platform, and an event's words do not say which: an id of the
    same client's booking is believed whatever the account.
    """

    def __init__(self, everything: Iterable[Appointment]) -> None:
        bookings = [each for each in everything if not from_calendar(each)]
        self._names = {name_of(each): each for each in bookings}
        self._ids = {(each.source_id, each.client): each for each in bookings}
        self._refs = {each.ref: each for each in bookings}

    def by(self, event: Appointment) -> Appointment | None:
        """The booking the event carries; what it was rescheduled to, where it was."""
        if not event.carries:
            return None
        booking = self._names.get(event.carries)
        if booking is None and event.client is not None:
            booking = self._ids.get((_id_in(event.carries), event.client))
        seen: set[str] = set()
        while booking is not None and booking.replaced_by in self._refs and booking.ref not in seen:
            seen.add(booking.ref)
            booking = self._refs[booking.replaced_by or ""]
        return booking


def _id_in(carried: str) -> str:
    return carried.partition(" ")[2]


def _may_pair(booking: Appointment) -> bool:
    return booking.status not in NOT_HELD or booking.status == NOSHOW


def _likeness(
    booking: Appointment, event: Appointment, named: Appointment | None, decided: Decided
) -> _Likeness | None:
    said = decided.get(pair_of(booking.ref, event.ref)) if decided else None
    carried = named is not None and named.ref == booking.ref
    same_person = event.client == booking.client and event.client is not None
    if said is False or not (same_person or (carried and event.client is None)):
        return None
    if said and same_person:
        near = _start_near(booking, event) and (_alike(booking, event) or _in_common(booking, event))
        return _Likeness(0, booking, event, "" if near else DISAGREE)
    if carried:
        return _Likeness(1, booking, event, "" if _together(booking, event) else DISAGREE)
    if not _start_near(booking, event) or (named is not None and _may_pair(named)):
        return None  # it is another visit, or the copy of another booking
    if _together(booking, event):
        return _Likeness(2, booking, event)
    doubtful = booking.status != NOSHOW and booking.day == event.day and _in_common(booking, event)
    return _Likeness(3, booking, event, TWICE) if doubtful else None


def _is_left_over(event: Appointment, named: Appointment | None, decided: Decided) -> bool:
    """Whether it carries a booking that is over, somebody else's, or told of by another event."""
    if named is None or decided.get(pair_of(named.ref, event.ref)) is False:
        return False
    return named.status in NOT_HELD or named.client is not None


def _start_near(one: Appointment, other: Appointment) -> bool:
    """Whether they overlap or begin within half an hour of each other."""
    return abs(one.start - other.start) <= NEAR or (one.start < other.end and other.start < one.end)


def _together(booking: Appointment, event: Appointment) -> bool:
    """Whether they begin in one minute and are for the same."""
    return _minute(booking.start) == _minute(event.start) and _alike(booking, event)


def _alike(booking: Appointment, event: Appointment) -> bool:
    """Whether the treatments are the same, or one source tells fewer (none: nobody could read them)."""
    one, other = set(booking.treatments), set(event.treatments)
    return one <= other or other <= one


def _in_common(one: Appointment, other: Appointment) -> bool:
    return not set(one.treatments).isdisjoint(other.treatments)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
