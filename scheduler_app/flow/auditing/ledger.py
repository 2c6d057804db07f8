"""A book whose people are told apart, and how its appointments are judged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scheduler_app.domain.audits import AuditedVisit, AuditFinding
from scheduler_app.domain.doubts import UNKNOWN
from scheduler_app.domain.judging import judge_story
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.rules import Rulebook
from scheduler_app.domain.story import Story, Visit
from scheduler_app.domain.verdict import Finding, Verdict
from scheduler_app.flow.auditing.people import Person
from scheduler_app.flow.auditing.sightings import Sighting

Dates = tuple[int | None, int | None]

_UNKNOWN = Finding(UNKNOWN, Outcome.REVIEW)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The book's appointments, and who is who in it. today, since and until are day ordinals.

    places: where each appointment stands, by its id. owners: for each, the place of its person in
    `folk`; None where nobody can say.
    """

    sightings: Sequence[Sighting]
    folk: Sequence[Person]
    places: Mapping[str, int]
    owners: Sequence[int | None]
    rulebook: Rulebook
    today: int
    since: int | None = None
    until: int | None = None

    @classmethod
    def of(
        cls,
        sightings: Sequence[Sighting],
        folk: Sequence[Person],
        rulebook: Rulebook,
        today: int,
        period: tuple[int | None, int | None],
    ) -> "Ledger":
        """With its indices. period: first and last day that are reported."""
        owners: list[int | None] = [None] * len(sightings)
        for number, person in enumerate(folk):
            for place in person.sightings:
                owners[place] = number
        places = {seen.id: place for place, seen in enumerate(sightings)}
        return cls(sightings, folk, places, owners, rulebook, today, *period)

    def visits(self, person: Person) -> list[Sighting]:
        """Their appointments, by time; one that was entered twice, once."""
        return entered_once(self.sightings[place] for place in person.sightings)

    def client(self, seen: Sighting) -> str | None:
        """What the report calls whoever this appointment is for."""
        owner = self.owners[self.places[seen.id]]
        return (self.folk[owner].known_as if owner is not None else None) or seen.name

    def wanted(self, seen: Sighting) -> bool:
        """Whether it lies in the period that is reported."""
        after = self.since is None or seen.day >= self.since
        return after and (self.until is None or seen.day <= self.until)

    def judged(self, visits: Iterable[Sighting], *doubts: str) -> dict[str, Verdict]:
        """The verdicts by id if all of these are one person's. Visits in the past took place."""
        story = Story(visits=tuple(_visit(seen, doubts) for seen in visits))
        return judge_story(story, self.rulebook, self.today)

    def audited(self, seen: Sighting, findings: Sequence[Finding], dates: Dates) -> AuditedVisit:
        """The visit with these findings, of which there is one at least."""
        told = told_once(findings)
        return AuditedVisit(
            event=seen.listed(),
            client=self.client(seen),
            treatments=seen.treatments,
            outcome=Outcome(max(finding.outcome for finding in told)),
            findings=tuple(self._found(finding, seen) for finding in told),
            earliest=dates[0],
            earliest_not_blocked=dates[1],
            ahead=seen.day >= self.today,
        )

    def _found(self, finding: Finding, seen: Sighting) -> AuditFinding:
        if finding.other is None:
            return AuditFinding(finding)
        if not across(finding):
            return AuditFinding(finding, seen.listed())
        other = self.sightings[self.places[finding.other.ref or ""]]
        bearer = self.client(other)
        return AuditFinding(finding, other.listed(), None if bearer == self.client(seen) else bearer)


def _visit(seen: Sighting, doubts: tuple[str, ...]) -> Visit:
    doubts = (*seen.doubts, *doubts)
    return Visit(seen.id, seen.treatments, seen.day, seen.start, seen.booked_at, seen.status, doubts)


def entered_once(visits: Iterable[Sighting], others: Iterable[Sighting] = ()) -> list[Sighting]:
    """One person's appointments without those that stand in another calendar too.

    Of several calendars the one met first counts; what already stands among others is left out. Two
    entries in one calendar are two visits.
    """
    calendars: dict[object, int] = {}
    for seen in others:
        calendars.setdefault(seen.entry, seen.calendar)
    return [seen for seen in visits if calendars.setdefault(seen.entry, seen.calendar) == seen.calendar]


def across(finding: Finding) -> bool:
    """Whether it is about two visits, and so hangs on their being one person's."""
    return finding.other is not None and finding.other.ref is not None


def told_once(findings: Iterable[Finding]) -> list[Finding]:
    """One finding for each rule and item in the way: two visits on one day break a rule both ways.

    Nothing is called presumed: that all past visits took place is what an audit takes for granted.
    """
    kept: dict[object, Finding] = {}
    for finding in findings:
        other = finding.other and finding.other._replace(presumed=False)
        key = (finding.rule, other or finding.treatment)
        known = kept.get(key)
        if known is None or _weight(finding) > _weight(known):
            kept[key] = finding._replace(other=other)
    told = list(kept.values())
    # Where the title is in doubt, that no treatment is known goes without saying.
    return [finding for finding in told if finding != _UNKNOWN] or told


def _weight(finding: Finding) -> tuple[int, bool]:
    return (finding.outcome, finding.direction == "after")
