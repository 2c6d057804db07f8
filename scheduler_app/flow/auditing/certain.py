"""What is certain in a book: findings that do not hang on two records' being one person."""

from collections.abc import Iterator, Sequence

from scheduler_app.domain.audits import AuditedClient
from scheduler_app.domain.doubts import SEVERAL
from scheduler_app.domain.identity import UNKNOWN
from scheduler_app.flow.auditing.lanes import lanes
from scheduler_app.flow.auditing.ledger import Ledger
from scheduler_app.flow.auditing.people import Person
from scheduler_app.flow.auditing.sightings import Sighting


def certain_clients(ledger: Ledger, nobody: Sequence[Sighting]) -> Iterator[AuditedClient]:
    """Clients with findings, and one by one the visits of whom nobody knows."""
    for person in ledger.folk:
        client = _known(ledger, person) if person.certain else _told_by_themselves(ledger, person)
        if client is not None:
            yield client
    for seen in filter(ledger.wanted, nobody):
        doubts = () if SEVERAL in seen.doubts else (UNKNOWN,)
        verdict = ledger.judged([seen], *doubts)[seen.id]
        if verdict.findings:
            visit = ledger.audited(seen, verdict.findings, verdict[2:])
            yield AuditedClient(visit.client, (visit,))


def _known(ledger: Ledger, person: Person) -> AuditedClient | None:
    visits = ledger.visits(person)
    verdicts = ledger.judged(visits)
    told = tuple(
        ledger.audited(seen, verdict.findings, verdict[2:])
        for seen in filter(ledger.wanted, visits)
        if (verdict := verdicts[seen.id]).findings
    )
    if not told:
        return None
    findings = {ident: verdict.findings for ident, verdict in verdicts.items()}
    return AuditedClient(person.known_as, told, lanes(visits, findings, ledger.rulebook, ledger.today))


def _told_by_themselves(ledger: Ledger, person: Person) -> AuditedClient | None:
    """What each visit under a bare name or contact tells alone, whoever it is for."""
    told = []
    for seen in filter(ledger.wanted, ledger.visits(person)):
        verdict = ledger.judged([seen])[seen.id]
        if verdict.findings:
            told.append(ledger.audited(seen, verdict.findings, verdict[2:]))
    return AuditedClient(person.known_as, tuple(told)) if told else None
