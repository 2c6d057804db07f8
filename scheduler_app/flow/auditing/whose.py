"""For every appointment of a book, the name and the contacts that stand for its client."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scheduler_app.domain.identity import compatible
from scheduler_app.flow.auditing.contacts import EMAIL, Contacts, Invited, Tally, client_emails
from scheduler_app.flow.auditing.sightings import Sighting


class Whose(NamedTuple):
    """A client as one appointment tells of them. Many appointments share one.

    name can be one person's, or is None. contacts: in normal form, sorted; the clinic's own left out.
    """

    name: str | None
    contacts: tuple[str, ...]


def whose(sightings: Sequence[Sighting], contacts: Contacts) -> list[Whose]:
    """What every appointment tells of its client, in their order."""
    names = {name: name if compatible(name, name) else None for name in _names(sightings)}
    own = contacts.own | contacts.hosts() | _tallied(sightings, contacts, names).the_clinics()
    kept: dict[Whose, Whose] = {}
    told = []
    for seen in sightings:
        invited = [contacts.attendees[place] for place in seen.invited]
        invited = [one for one in invited if EMAIL + one.email not in own]
        name = names[seen.name] if seen.name else None
        chosen = client_emails(name, invited)
        if name is None:
            name = next((one.name for one in chosen if compatible(one.name, one.name)), None)
        given = (contact for contact in seen.given if contact not in own)
        client = Whose(name, tuple(sorted({*given, *(EMAIL + one.email for one in chosen)})))
        told.append(kept.setdefault(client, client))
    return told


def _names(sightings: Iterable[Sighting]) -> set[str]:
    return {seen.name for seen in sightings if seen.name}


def _tallied(sightings: Sequence[Sighting], contacts: Contacts, names: dict[str, str | None]) -> Tally:
    tally = Tally(len(sightings))
    for seen in sightings:
        named = [seen.name] if seen.name and names[seen.name] else []
        for contact in seen.given:
            tally.count(contact, named)
        invited = [contacts.attendees[place] for place in seen.invited]
        for one in invited:
            # Where the title names nobody, the other guests tell how many people an address meets.
            tally.count(EMAIL + one.email, named or _others(one, invited))
    return tally


def _others(one: Invited, invited: Sequence[Invited]) -> list[str]:
    return [other.name for other in invited if other.email != one.email]
