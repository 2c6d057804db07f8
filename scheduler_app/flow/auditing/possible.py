"""What would break a rule if two records were one person: for a person to look at, never certain."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduler_app.domain.audits import AuditedClient, AuditedVisit
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.rules import GapRule, Rulebook
from scheduler_app.domain.verdict import Finding
from scheduler_app.flow.auditing.lanes import lanes
from scheduler_app.flow.auditing.ledger import Ledger, across, entered_once
from scheduler_app.flow.auditing.likeness import Pair, too_common
from scheduler_app.flow.auditing.people import Person
from scheduler_app.flow.auditing.sightings import Sighting
from scheduler_app.flow.auditing.ties import Ties

TOO_COMMON = "client-too-common"  # a bare name or contact on more bookings than one person makes
_DAYS = {"day": 1, "week": 7, "month": 31}


def possible_clients(ledger: Ledger, alike: Iterable[Pair]) -> Iterator[AuditedClient]:
    """One for every group of records that break a rule together. alike: places of people in the ledger."""
    found = _Found(ledger)
    for number, person in enumerate(ledger.folk):
        if not person.certain and not too_common(person):
            found.hold(number, number)
    for one, other in alike:
        if not (too_common(ledger.folk[one]) or too_common(ledger.folk[other])):
            found.hold(one, other)
    yield from found.clients()
    for person in ledger.folk:
        if too_common(person) and (visits := list(filter(ledger.wanted, ledger.visits(person)))):
            finding = Finding(TOO_COMMON, Outcome.REVIEW)
            told = tuple(ledger.audited(seen, (finding,), (None, None)) for seen in visits)
            yield AuditedClient(person.known_as, told)


class _Found:
    """Collects findings that hang on two records' being one person."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._reach = _Reach.of(ledger.rulebook)
        self._findings: dict[str, list[Finding]] = defaultdict(list)
        self._ties = Ties()

    def hold(self, one: int, other: int) -> None:
        """Judge two people's visits, or one uncertain person's, as those of one person."""
        mine, theirs = (self._ledger.visits(self._ledger.folk[place]) for place in (one, other))
        if one != other:
            theirs = entered_once(theirs, mine)
        together = self._close(mine, theirs)
        if not together:
            return
        here, there = {seen.id for seen in mine}, {seen.id for seen in theirs}
        for ident, verdict in self._ledger.judged(together).items():
            for finding in filter(across, verdict.findings):
                ref = finding.other.ref if finding.other is not None else None
                if (ident in here and ref in there) or (ident in there and ref in here):
                    self._findings[ident].append(finding)
                    self._ties.tie((one, other))

    def clients(self) -> Iterator[AuditedClient]:
        """Everybody tied together by what was found, as one."""
        groups: dict[object, set[int]] = defaultdict(set)
        for ident, findings in self._findings.items():
            for finding in findings:
                for ref in (ident, finding.other.ref if finding.other is not None else None):
                    owner = self._ledger.owners[self._ledger.places[ref or ident]]
                    if owner is not None:
                        groups[self._ties.root(owner)].add(owner)
        for group in sorted(map(sorted, groups.values())):
            client = self._client([self._ledger.folk[place] for place in group])
            if client is not None:
                yield client

    def _client(self, group: Sequence[Person]) -> AuditedClient | None:
        ledger = self._ledger
        visits = [seen for person in group for seen in ledger.visits(person)]
        visits.sort(key=lambda seen: ledger.places[seen.id])
        told = {seen.id: self._findings[seen.id] for seen in visits if seen.id in self._findings}
        wanted = [seen for seen in visits if seen.id in told and ledger.wanted(seen)]
        if not wanted:
            return None
        names = dict.fromkeys(person.known_as for person in group if person.known_as)
        return AuditedClient(
            " / ".join(names) or None,
            tuple(self._audited(seen, told) for seen in wanted),
            lanes(visits, told, ledger.rulebook, ledger.today),
        )

    def _audited(self, seen: Sighting, told: Mapping[str, Sequence[Finding]]) -> AuditedVisit:
        """With the first dates that would do whoever of these records is the same person."""
        refs = {seen.id, *(finding.other.ref for finding in told[seen.id] if finding.other is not None)}
        owners = {self._ledger.owners[self._ledger.places[ref]] for ref in refs if ref}
        others = [
            visit
            for owner in sorted(owner for owner in owners if owner is not None)
            for visit in self._ledger.visits(self._ledger.folk[owner])
            if visit.id != seen.id
        ]
        verdict = self._ledger.judged(entered_once([seen, *others]))[seen.id]
        return self._ledger.audited(seen, told[seen.id], verdict[2:])

    def _close(self, mine: Sequence[Sighting], theirs: Sequence[Sighting]) -> list[Sighting]:
        """The visits that may break a rule between the two; none of them, and nothing has to be judged.

        What is past is judged visit against visit, so that those suffice. What lies ahead gives way, so
        that all of it counts.
        """
        reach, today = self._reach, self._ledger.today
        close: dict[str, Sighting] = {}
        start = 0
        for seen in mine:
            while start < len(theirs) and theirs[start].day <= seen.day - reach.longest:
                start += 1
            for place in range(start, len(theirs)):
                met = theirs[place]
                if met.day >= seen.day + reach.longest:
                    break
                if met is not seen and reach.touches(seen, met):
                    close[seen.id] = seen
                    close[met.id] = met
        if any(seen.day >= today for seen in close.values()):
            for seen in (*mine, *theirs):
                if seen.day >= today - reach.longest:
                    close[seen.id] = seen
        return list(close.values())


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far apart two visits are beyond every rule: by their treatments, whichever came first."""

    days: Mapping[tuple[str, str], int]
    longest: int

    @classmethod
    def of(cls, rulebook: Rulebook) -> "_Reach":
        days: dict[tuple[str, str], int] = {}
        for rule in rulebook.rules:
            for pair in ((rule.earlier, rule.later), (rule.later, rule.earlier)):
                days[pair] = max(days.get(pair, 0), _longest(rule))
        return cls(days, max(days.values(), default=0))

    def touches(self, one: Sighting, other: Sighting) -> bool:
        """Whether a rule may hold between the two."""
        apart = abs(one.day - other.day)
        return any(apart < self.days.get((a, b), 0) for a in one.treatments for b in other.treatments)


def _longest(rule: GapRule) -> int:
    return max(gap.count * _DAYS[gap.unit] for gap in (rule.minimum, rule.absolute_minimum)) + 1
