"""Visits in the order in which a report tells them."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from scheduler_app.domain.audits import AuditedClient, AuditedVisit, AuditFinding
from scheduler_app.domain.outcome import Outcome


def of_outcome(clients: Iterable[AuditedClient], outcome: Outcome) -> list[AuditedVisit]:
    """Visits with that worst finding, whoever's they are."""
    return [visit for client in clients for visit in client.visits if visit.outcome is outcome]


def ahead_then_past(visits: Iterable[AuditedVisit]) -> tuple[list[AuditedVisit], list[AuditedVisit]]:
    """Those still ahead, the next one first; and those that are past, the latest first."""
    ordered = sorted(visits, key=lambda visit: (visit.event.day, visit.event.start, visit.event.uid))
    ahead = [visit for visit in ordered if visit.ahead]
    return ahead, [visit for visit in reversed(ordered) if not visit.ahead]


def by_reason(
    visits: Iterable[AuditedVisit], sentence: Callable[[AuditFinding], str]
) -> Iterator[tuple[Sequence[str], list[AuditedVisit]]]:
    """Visits with the same reasons together, the commonest reasons first."""
    groups: dict[tuple[str, ...], list[AuditedVisit]] = {}
    for visit in visits:
        reasons = tuple(dict.fromkeys(sentence(found) for found in visit.findings))
        groups.setdefault(reasons, []).append(visit)
    yield from sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
