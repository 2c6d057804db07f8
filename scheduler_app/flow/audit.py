"""audit: a whole book at once, from calendar exports, with nothing stored. What `scheduler audit` does.

Works from what the calendar says alone: no facts, no conditions, no screening. Past visits took place;
each is judged against everything earlier, and a pair is reported once, at the later visit. Visits
ahead give way as everywhere else; `CREATED` is when they were booked, else the order in the file.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from scheduler_app.domain.audits import Audit, AuditCounts, AuditedClient
from scheduler_app.domain.catalogue import CalendarDefaults
from scheduler_app.domain.doubts import UNKNOWN
from scheduler_app.domain.events import CalendarEvent, Unreadable
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.rules import Rulebook
from scheduler_app.flow.auditing.certain import certain_clients
from scheduler_app.flow.auditing.contacts import Contacts
from scheduler_app.flow.auditing.ledger import Ledger
from scheduler_app.flow.auditing.likeness import Pair, may_be_one
from scheduler_app.flow.auditing.people import Person, people
from scheduler_app.flow.auditing.phones import NormalPhone
from scheduler_app.flow.auditing.possible import possible_clients
from scheduler_app.flow.auditing.sightings import CALLED_OFF, IDLE, Book, Sighting
from scheduler_app.flow.auditing.ties import Ties
from scheduler_app.flow.auditing.whose import whose
from scheduler_app.flow.flow import TitleReader

Period = tuple[int | None, int | None]
Calendars = Iterable[Iterable[CalendarEvent | Unreadable]]


def audit(
    calendars: Calendars,
    reader: TitleReader,
    rulebook: Rulebook,
    today: int,
    *,
    normal_phone: NormalPhone,
    own_contacts: Iterable[str] = (),
    period: Period = (None, None),
    defaults: CalendarDefaults | None = None,
) -> Audit:
    """Judge the whole book.

    calendars: those of one clinic, each with its events. People are the same across them; an event whose
    id stands in two is one, in its newest version, and so is a client's visit that was entered in two.
    today: day ordinal. normal_phone: E.164 of a number as people write it, or None. own_contacts: the
    clinic's own addresses ("e:...") and numbers ("p:..."), which identify nobody. period: first and last
    day (ordinals, inclusive) to report; what lies outside still counts against what lies inside.
    defaults: what a title that holds only a name stands for.
    """
    contacts = Contacts(own_contacts)
    book = Book(reader, normal_phone, contacts, defaults)
    unreadable = _collect(book, calendars)
    standings = book.standings(*period)
    seen = book.close()
    ledger, nobody = _told_apart(seen, contacts, rulebook, today, period)
    alike = may_be_one(ledger.folk)
    certain = _worst_first(certain_clients(ledger, nobody))
    possible = _worst_first(possible_clients(ledger, alike))
    unrecognised = tuple(one.listed() for one in seen if _unrecognised(one) and ledger.wanted(one))
    counts = replace(
        _counts(certain, possible),
        events=sum(standings.values()),
        visits=sum(map(ledger.wanted, ledger.sightings)),
        clients=_people(ledger, alike),
        cancelled=standings[CALLED_OFF],
        idle=standings[IDLE],
    )
    return Audit(today, counts, certain, possible, unrecognised, unreadable, *period)


def _collect(book: Book, calendars: Calendars) -> tuple[Unreadable, ...]:
    """Put every event into the book; what could not be read is left."""
    unreadable = []
    for number, events in enumerate(calendars):
        for event in events:
            if isinstance(event, Unreadable):
                unreadable.append(event)
            else:
                book.add(event, number)
    return tuple(unreadable)


def _told_apart(
    seen: Sequence[Sighting], contacts: Contacts, rulebook: Rulebook, today: int, period: Period
) -> tuple[Ledger, list[Sighting]]:
    """The book with its people told apart, and the appointments of nobody known."""
    clients = whose(seen, contacts)
    known = [place for place, one in enumerate(seen) if not _unrecognised(one)]
    folk, nobody = people([clients[place] for place in known])
    visits = [seen[place] for place in known]
    ledger = Ledger.of(visits, _claims_apart(folk, visits), rulebook, today, period)
    return ledger, [visits[place] for place in nobody]


def _unrecognised(seen: Sighting) -> bool:
    """An appointment, but for what? Not one of its words may mean a treatment."""
    return not seen.treatments and (not seen.doubts or UNKNOWN in seen.doubts)


def _claims_apart(folk: Iterable[Person], visits: Sequence[Sighting]) -> list[Person]:
    """Visits whose titles claim that they were called off or missed, as records of their own.

    The title is no proof, so they are for a person to look at; and until then nobody is blocked by them
    for certain.
    """
    apart = []
    for person in folk:
        claimed = tuple(place for place in person.sightings if visits[place].claimed_off)
        if not claimed or not person.certain:
            apart.append(person)
            continue
        rest = tuple(place for place in person.sightings if place not in claimed)
        apart.append(replace(person, certain=False, sightings=claimed))
        if rest:
            apart.append(replace(person, sightings=rest))
    return sorted(apart, key=lambda person: person.sightings)


def _worst_first(clients: Iterator[AuditedClient]) -> tuple[AuditedClient, ...]:
    def order(client: AuditedClient) -> tuple[int, int, str, str]:
        first = client.visits[0].event
        return (-client.outcome, first.day, first.start, first.uid)

    return tuple(sorted(clients, key=order))


def _counts(certain: Iterable[AuditedClient], possible: Iterable[AuditedClient]) -> AuditCounts:
    outcomes = [visit.outcome for client in certain for visit in client.visits]
    return AuditCounts(
        blocked=outcomes.count(Outcome.BLOCKED),
        caution=outcomes.count(Outcome.CAUTION),
        review=outcomes.count(Outcome.REVIEW),
        possible=sum(len(client.visits) for client in possible),
    )


def _people(ledger: Ledger, alike: Iterable[Pair]) -> int:
    """How many people have a visit in the period: the certain, and others who cannot be one of them."""
    present = [any(map(ledger.wanted, ledger.visits(person))) for person in ledger.folk]
    certain = [person.certain for person in ledger.folk]
    ties = Ties()
    named_elsewhere = set()
    for one, other in alike:
        if certain[one] is not certain[other]:
            named_elsewhere.add(other if certain[one] else one)
        elif not certain[one]:
            ties.tie((one, other))
    known_elsewhere = {ties.root(place) for place in named_elsewhere}
    unsure = {
        ties.root(place)
        for place, here in enumerate(present)
        if here and not certain[place] and ties.root(place) not in known_elsewhere
    }
    return sum(1 for place, here in enumerate(present) if here and certain[place]) + len(unsure)
