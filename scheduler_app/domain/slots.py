"""Free times of a location, and those among them at which no gap rule would be broken..

Preventing refuses only gap findings and absolute contraindications; whatever else calls for a person
stays bookable and says so in its outcome, or a first-time client could never book.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler_app.domain.aims import aim_at
from scheduler_app.domain.clinic import Location
from scheduler_app.domain.forbidden import permitted, spans, windows_against
from scheduler_app.domain.judging import judge, standing_items
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.rules import Rulebook
from scheduler_app.domain.story import NOT_HELD, Item, Story, Visit

Busy = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody would like to book. first and last: local days, both included. length: of the visit."""

    treatments: tuple[str, ...]
    first: date
    last: date
    length: timedelta
    step: timedelta


def free_starts(location: Location, wish: Wish, busy: Busy, now: datetime) -> list[float]:
    """Starts (seconds since 1970, sorted) within opening hours, not over anything and not in the past.

    busy: sorted by start. Times the clocks skip are left out; of two alike the first is meant.
    """
    starts = []
    ends_so_far = _ends_so_far(busy)
    begins = [begin for begin, _ in busy]
    length = wish.length.total_seconds()
    for start in _openings(location, wish):
        position = bisect_left(begins, start + length)
        if start >= now.timestamp() and (position == 0 or ends_so_far[position - 1] <= start):
            starts.append(start)
    return starts


def _ends_so_far(busy: Busy) -> list[float]:
    """For each event the latest end of all that begin no later: one that is long hides behind no other."""
    latest = float("-inf")
    return [latest := max(latest, end) for _, end in busy]


def _openings(location: Location, wish: Wish) -> Iterator[float]:
    zone = ZoneInfo(location.zone)
    for day in _days(wish):
        for opening in sorted(location.openings, key=lambda each: each.opens):
            if opening.weekday != day.weekday():
                continue
            start = _instant(day, opening.opens, zone)
            closes = _instant(day, opening.closes, zone)
            while start + wish.length <= closes:
                yield start.timestamp()
                start += wish.step


def _days(wish: Wish) -> Iterable[date]:
    return (wish.first + timedelta(days=count) for count in range((wish.last - wish.first).days + 1))


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the rules say about a wish: outcome by day (ordinal), and the first day without a gap finding.

    starts() keeps the permitted ones. impossible: an absolute contraindication stands in the way.
    """

    forbidden: Sequence[tuple[int, int]]
    earliest: int | None
    impossible: bool
    zone: str

    def starts(self, free: list[float]) -> list[float]:
        """Those free starts that lie on permitted days."""
        if self.impossible:
            return []
        zone = ZoneInfo(self.zone)
        return permitted(free, self.forbidden, lambda day: _midnight(day, zone))


def _midnight(day: int, zone: ZoneInfo) -> float:
    return datetime.combine(date.fromordinal(day), time(), zone).timestamp()


def allowed(wish: Wish, story: Story, rulebook: Rulebook, today: int, zone: str) -> Allowed:
    """What the client's story leaves of the calendar; facts and standing bookings are in the way."""
    first = max(wish.first.toordinal(), today)
    aim = aim_at(wish.treatments, rulebook)
    windows = windows_against(aim, _in_the_way(story, rulebook, today), first)
    verdict = judge(Visit("", wish.treatments, first), story, rulebook, today)
    impossible = any(f.outcome is Outcome.BLOCKED and not f.gap for f in verdict.findings)
    return Allowed(spans(windows, hard=False, from_day=first), verdict.earliest, impossible, zone)


def outcome_on(day: int, wish: Wish, story: Story, rulebook: Rulebook, today: int) -> str:
    """How a booking on that day would stand, in the word every interface uses."""
    return judge(Visit("", wish.treatments, day), story, rulebook, today).outcome.word


def _in_the_way(story: Story, rulebook: Rulebook, today: int) -> list[Item]:
    live = [visit for visit in story.visits if visit.status not in NOT_HELD]
    items = list(story.items)
    for visit in live:
        if visit.took_place(today):
            items += visit.items(today)
    ahead = [visit for visit in live if not visit.took_place(today)]
    return items + standing_items(ahead, items, story, rulebook, today)
