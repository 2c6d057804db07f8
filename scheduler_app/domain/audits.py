"""What an audit of a whole book found: the nouns its report is printed from."""

from dataclasses import dataclass

from scheduler_app.domain.events import Unreadable
from scheduler_app.domain.forbidden import Span
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.verdict import Finding


@dataclass(frozen=True, slots=True)
class Listed:
    """An event as the report shows it.

    start is ISO 8601: local time with its offset, or the date alone for an all-day event. day is the
    same local date as an ordinal. title is the receptionist's own and may hold anything.
    """

    uid: str
    title: str
    start: str
    day: int

    @property
    def clock(self) -> str:
        """The local time of day ("10:00"); "" for an all-day event."""
        return self.start[11:16]


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One finding, and the event in the way: the visit's own for two treatments of one visit.

    other is None where nothing is in the way (a doubt about the visit itself). bearer is how the
    other event's client is named there, where that differs from the visit's own client.
    """

    finding: Finding
    other: Listed | None = None
    bearer: str | None = None


@dataclass(frozen=True, slots=True)
class AuditedVisit:
    """A visit with findings. outcome is the worst of them.

    client is None where nobody can say who it is. Dates are day ordinals: earliest is the first one
    that breaks no gap rule, in hindsight for a visit that is past; None where no date can do.
    """

    event: Listed
    client: str | None
    treatments: tuple[str, ...]
    outcome: Outcome
    findings: tuple[AuditFinding, ...]
    earliest: int | None
    earliest_not_blocked: int | None
    ahead: bool

    @property
    def by_gap(self) -> bool:
        """Whether a gap rule has something against it, not doubts alone."""
        return any(found.finding.gap for found in self.findings)


@dataclass(frozen=True, slots=True)
class Lane:
    """One treatment along a client's timeline: its visits, and the days forbidden to it.

    visits: day and worst outcome of each, in order. caution and blocked: half-open, sorted, disjoint.
    """

    treatment: str
    visits: tuple[tuple[int, Outcome], ...]
    caution: tuple[Span, ...]
    blocked: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class AuditedClient:
    """A client with findings: their visits in order of time, and the lanes of their picture.

    name is None where nobody can say who it is; lanes are empty where no gap rule is concerned.
    """

    name: str | None
    visits: tuple[AuditedVisit, ...]
    lanes: tuple[Lane, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """The worst of their visits."""
        return max(visit.outcome for visit in self.visits)


@dataclass(frozen=True, slots=True)
class AuditCounts:
    """events: all that were read, an event that stands in two files once. visits: those that are
    appointments with a known treatment; blocked, caution and review: visits whose worst finding is
    that. clients: people told apart; a bare name that somebody known bears is not counted again.
    possible: visits with a finding only if two records are one person. cancelled, and idle (meetings,
    breaks, training): events that are no visits.
    """

    events: int = 0
    visits: int = 0
    clients: int = 0
    blocked: int = 0
    caution: int = 0
    review: int = 0
    possible: int = 0
    cancelled: int = 0
    idle: int = 0


@dataclass(frozen=True, slots=True)
class Audit:
    """The whole book judged. today and the ends of the period are day ordinals; None: no end.

    clients: those known for certain, and visits of nobody known. possible: what is so only if two
    records of one name, or of one contact, are one person. Both worst first, then by first visit.
    """

    today: int
    counts: AuditCounts
    clients: tuple[AuditedClient, ...] = ()
    possible: tuple[AuditedClient, ...] = ()
    unrecognised: tuple[Listed, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    since: int | None = None
    until: int | None = None

    @property
    def blocked(self) -> bool:
        """Whether anything is blocked for certain."""
        return self.counts.blocked > 0
