"""The picture of a client's story: one lane a treatment, its visits and the days forbidden to it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduler_app.domain.aims import aim_at
from scheduler_app.domain.audits import Lane
from scheduler_app.domain.forbidden import Window, spans, windows_against
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.rules import Rulebook
from scheduler_app.domain.story import Item
from scheduler_app.domain.verdict import Finding
from scheduler_app.flow.auditing.sightings import Sighting

Told = Mapping[str, Sequence[Finding]]
"""Findings by the id of their visit; a visit without any may be missing."""


def lanes(visits: Sequence[Sighting], told: Told, rulebook: Rulebook, today: int) -> tuple[Lane, ...]:
    """A lane for each treatment of these visits that a rule speaks of; none where no gap rule is broken."""
    if not any(finding.gap for findings in told.values() for finding in findings):
        return ()
    booked = {code for seen in visits for code in seen.treatments}
    ruled = dict.fromkeys(code for rule in rulebook.rules for code in (rule.later, rule.earlier))
    shading = _Shading(visits, told, rulebook, today)
    return tuple(shading.lane(code) for code in ruled if code in booked)


@dataclass(frozen=True, slots=True)
class _Shading:
    visits: Sequence[Sighting]
    told: Told
    rulebook: Rulebook
    today: int

    def lane(self, code: str) -> Lane:
        own = [seen for seen in self.visits if code in seen.treatments]
        windows = list(self._windows(code, {seen.id for seen in own}))
        return Lane(
            code,
            tuple((seen.day, self._outcome(seen)) for seen in own),
            tuple(spans(windows, hard=False)),
            tuple(spans(windows, hard=True)),
        )

    def _outcome(self, seen: Sighting) -> Outcome:
        return max((finding.outcome for finding in self.told.get(seen.id, ())), default=Outcome.CLEAR)

    def _windows(self, code: str, own: set[str]) -> Iterator[Window]:
        clashing = {
            finding.other.ref
            for ident in own
            for finding in self.told.get(ident, ())
            if finding.direction == "before" and finding.other is not None
        }
        for window in windows_against(aim_at((code,), self.rulebook), self._items()):
            item = window[5]
            if item is None:
                continue
            if window[4].after:
                # The visit that brings a gap about is not itself forbidden by it.
                yield _from_the_next_day(window) if item.ref in own else window
            elif item.ref in clashing:
                yield window

    def _items(self) -> Iterable[Item]:
        """What forbids days: a booking that is blocked itself gives way, and forbids none."""
        for seen in self.visits:
            findings = self.told.get(seen.id, ())
            blocked = any(finding.gap and finding.outcome is Outcome.BLOCKED for finding in findings)
            if seen.day < self.today or not blocked:
                for code in seen.treatments:
                    yield Item(code, seen.day, seen.day, seen.id)


def _from_the_next_day(window: Window) -> Window:
    begin, end, hard_begin, hard_end, aimed, item = window
    return (begin + 1, end, hard_begin + 1, hard_end, aimed, item)
