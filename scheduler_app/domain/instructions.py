"""Instructions: a care line laid on the days and hours of one visit, and which of two gives way.

Hours are elapsed time, so they are counted in UTC; days are the local calendar days of the visit's
zone, so an all-day line has local dates and its instants follow from them.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.carelines import AFTER, DAY, END, VISIT, CareLine, Precedence

_DAY = timedelta(days=1)
_BRIEFEST = timedelta(minutes=1)  # a visit without length still has a place in a calendar


@dataclass(frozen=True, slots=True)
class Instruction:
    """One line at one visit. begin and end are UTC instants; days its local dates where it is all-day."""

    line: CareLine
    visit: Appointment
    begin: datetime
    end: datetime
    days: tuple[date, date] | None = None  # end exclusive

    @property
    def order(self) -> tuple[datetime, datetime]:
        """Sorts the instructions of a visit as they are lived through."""
        return self.begin, self.end


def instructions(visit: Appointment, lines: Iterable[CareLine]) -> list[Instruction]:
    """What the lines ask for around this visit, in order of time.

    A line that several of its treatments bring along is there once, at its longest.
    """
    longest: dict[str, Instruction] = {}
    for line in lines:
        if any(line.concerns(code) for code in visit.treatments):
            laid = lay(line, visit)
            held = longest.get(line.code)
            if held is None or held.end - held.begin < laid.end - laid.begin:
                longest[line.code] = laid
    return sorted(longest.values(), key=lambda one: one.order)


def lay(line: CareLine, visit: Appointment) -> Instruction:
    """The line at its place in time."""
    if line.anchor == VISIT:
        begin = utc(visit.start)
        return Instruction(line, visit, begin, max(utc(visit.end), begin + _BRIEFEST))
    if line.anchor == DAY:
        first = visit.start.astimezone(_zone(visit.zone)).date()
        return _on_days(line, visit, first + line.begins, first + line.ends)
    base = utc(visit.end if line.anchor == END else visit.start)
    return Instruction(line, visit, base + line.begins, base + line.ends)


def settled(laid: Sequence[Instruction], precedence: Sequence[Precedence]) -> list[Instruction]:
    """The instructions with every declared conflict resolved: the lower one is clipped, or dropped.

    Conflicts are between visits, or between treatments of one visit; the lines of one treatment were
    written together. What is lower keeps the stretch before the higher one begins, or, where there is
    none, the stretch after it ended. Every higher instruction counts at its full length, even if it
    was clipped itself: that can only leave something out, never let two contradict each other.
    """
    higher: dict[str, set[str]] = {}
    for pair in precedence:
        higher.setdefault(pair.over, set()).add(pair.first)
    kept = []
    for lower in laid:
        over = higher.get(lower.line.code)
        kept.append(_cleared(lower, [one for one in laid if _rules(one, over, lower)]) if over else lower)
    return [one for one in kept if one is not None]


def _cleared(lower: Instruction, others: Sequence[Instruction]) -> Instruction | None:
    left: Instruction | None = lower
    for other in sorted(others, key=lambda one: one.order):
        left = _without(left, other) if left else None
    return left


def _rules(one: Instruction, codes: Collection[str], lower: Instruction) -> bool:
    elsewhere = one.visit.ref != lower.visit.ref or one.line.treatment != lower.line.treatment
    return elsewhere and one.line.code in codes


def _without(lower: Instruction, higher: Instruction) -> Instruction | None:
    if higher.end <= lower.begin or lower.end <= higher.begin:
        return lower
    if lower.days is not None:
        return _days_without(lower, lower.days, higher)
    if lower.begin < higher.begin:
        return replace(lower, end=higher.begin)
    return replace(lower, begin=higher.end) if higher.end < lower.end else None


def _days_without(lower: Instruction, days: tuple[date, date], higher: Instruction) -> Instruction | None:
    """An all-day line gives up every day the other one touches."""
    zone = _zone(lower.visit.zone)
    touched = higher.begin.astimezone(zone).date()
    if days[0] < touched:
        return _on_days(lower.line, lower.visit, days[0], touched)
    free = (higher.end.astimezone(zone) - timedelta.resolution).date() + _DAY
    return _on_days(lower.line, lower.visit, free, days[1]) if free < days[1] else None


def _on_days(line: CareLine, visit: Appointment, first: date, end: date) -> Instruction:
    zone = _zone(visit.zone)
    return Instruction(line, visit, _midnight(first, zone), _midnight(end, zone), (first, end))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def utc(moment: datetime) -> datetime:
    """The same instant, written in UTC."""
    return moment.astimezone(UTC)


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def reach(lines: Iterable[CareLine]) -> timedelta:
    """How long after a visit's end its last line can still be running."""
    return max((line.ends for line in lines if line.moment == AFTER), default=timedelta()) + _DAY
