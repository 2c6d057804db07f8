"""Where things stand in the picture of a client's story, in per cent of its width.

Per cent, so that the writing keeps its size while the picture takes the width of a phone or a page.
Findings far apart get a picture each: one over ten years would show nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from scheduler_app.domain.audits import AuditedClient, AuditedVisit, Lane
from scheduler_app.domain.forbidden import Span
from scheduler_app.domain.outcome import Outcome

_MARGIN = 7  # days shown before and after what matters
_APART = 30  # days without anything that matters, from which a new picture begins
_LEAST = 30  # days a picture shows at least
_LEFT, _RIGHT = 2.0, 98.0  # per cent: marks at the edge stay whole
_LABEL_ROOM = 13.0  # per cent a date beside a mark needs
_MOST_TICKS = 5
_DAYS_APART = (7, 14)
_MONTHS_APART = (1, 2, 3, 6, 12, 24, 60)
_WEEKS_UP_TO = 70  # days, up to which ticks stand at weeks


@dataclass(frozen=True, slots=True)
class Mark:
    """One visit. label stands beside it where there is room; anchor is SVG's text-anchor."""

    x: float
    outcome: str
    told: str
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Shade:
    """Forbidden days. kind is `blocked` or `caution`."""

    x: float
    width: float
    kind: str
    told: str


@dataclass(frozen=True, slots=True)
class Row:
    """One treatment's line."""

    name: str
    shades: tuple[Shade, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """One date on the axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One stretch of a story. today is where today stands, None outside of it."""

    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    today: float | None
    told: str


@dataclass(frozen=True, slots=True)
class Wording:
    """How the picture names things; days are ordinals."""

    treatment: Callable[[str], str]
    short: Callable[[int], str]  # "15 Mar"
    month: Callable[[int], str]  # "Mar 2026"
    visit: Callable[[str, int, Outcome], str]
    days: Callable[[str, str, int, int], str]  # kind, treatment, first and last day
    whole: Callable[[int, int], str]


def pictures(client: AuditedClient, today: int, wording: Wording) -> Iterator[Picture]:
    """The stretches of a client's story in which something clashes, in order."""
    if not client.lanes:
        return
    for first, end in _stretches(client.visits):
        yield _Frame(first, end, wording).picture(client.lanes, today)


def _stretches(visits: Iterable[AuditedVisit]) -> list[Span]:
    spans = []
    for visit in visits:
        if visit.by_gap:
            days = [visit.event.day]
            for found in visit.findings:
                days += [day for day in (found.finding.until, visit.earliest) if day is not None]
                days += [found.other.day] if found.other is not None else []
            spans.append((min(days) - _MARGIN, max(days) + _MARGIN))
    merged: list[Span] = []
    for begin, end in sorted(spans):
        if merged and begin - merged[-1][1] < _APART:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return [(begin, max(end, begin + _LEAST)) for begin, end in merged]


@dataclass(frozen=True, slots=True)
class _Frame:
    first: int
    end: int
    wording: Wording

    def x(self, day: float) -> float:
        """Where a day stands."""
        share = (day - self.first) / (self.end - self.first)
        return round(_LEFT + (_RIGHT - _LEFT) * share, 2)

    def picture(self, lanes: Sequence[Lane], today: int) -> Picture:
        rows = [self._row(lane) for lane in lanes]
        return Picture(
            tuple(row for row in rows if row.marks or row.shades),
            tuple(self._ticks()),
            self.x(today) if self.first <= today < self.end else None,
            self.wording.whole(self.first, self.end - 1),
        )

    def _row(self, lane: Lane) -> Row:
        name = self.wording.treatment(lane.treatment)
        shades = [*self._shades("caution", lane.caution, name), *self._shades("blocked", lane.blocked, name)]
        return Row(name, tuple(shades), tuple(self._marks(lane, name)))

    def _shades(self, kind: str, days: Iterable[Span], name: str) -> Iterator[Shade]:
        for begin, end in days:
            begin, end = max(begin, self.first), min(end, self.end)
            if begin < end:
                # A mark stands in the middle of its day.
                left, right = self.x(begin - 0.5), self.x(end - 0.5)
                told = self.wording.days(kind, name, begin, end - 1)
                yield Shade(left, round(right - left, 2), kind, told)

    def _marks(self, lane: Lane, name: str) -> Iterator[Mark]:
        taken = -_LABEL_ROOM
        for day, outcome in lane.visits:
            if self.first <= day < self.end:
                x = self.x(day)
                label = ""
                if x - taken >= _LABEL_ROOM or outcome is Outcome.BLOCKED:
                    label, taken = self.wording.short(day), x
                yield Mark(x, outcome.word, self.wording.visit(name, day, outcome), label, _anchor(x))

    def _ticks(self) -> Iterator[Tick]:
        length = self.end - self.first
        if length <= _WEEKS_UP_TO:
            step = next((s for s in _DAYS_APART if length / s <= _MOST_TICKS), _DAYS_APART[-1])
            for day in range(self.first + step // 2, self.end, step):
                yield Tick(self.x(day), self.wording.short(day))
            return
        step = next((s for s in _MONTHS_APART if length / 30.4 / s <= _MOST_TICKS), _MONTHS_APART[-1])
        start = date.fromordinal(self.first)
        month = start.year * 12 + start.month
        month += -month % step
        while (day := date(month // 12, month % 12 + 1, 1).toordinal()) < self.end:
            yield Tick(self.x(day), self.wording.month(day))
            month += step


def _anchor(x: float) -> str:
    if x < _LABEL_ROOM / 2:
        return "start"
    return "end" if x > 100 - _LABEL_ROOM / 2 else "middle"
