"""Clients: finding one, and the page of what is known about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from scheduler_app.domain.appointments import Clues
from scheduler_app.domain.clients import Client
from scheduler_app.errors import NotFound
from scheduler_app.ports import Transaction
from scheduler_app.web.deps import Deps
from scheduler_app.web.desk.feeds import Choices, feed_sight
from scheduler_app.web.desk.fields import Fields
from scheduler_app.web.desk.known import SAID_BY, Line, lines
from scheduler_app.web.desk.pages import Pages
from scheduler_app.web.desk.sight import see

FORMS = ("treatment", "course", "screening", "condition")
SPEAKERS = tuple((code, SAID_BY[code]) for code in ("staff", "client", "practitioner"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of a client's page. typed: forms as they were sent, by what they record; open: the
    record whose details they belong to; correct: a record to be corrected; root: where feeds are reached."""

    root: str = "/"
    name: str = ""
    typed: Mapping[str, Fields] = field(default_factory=dict)
    open: str = ""
    correct: str = ""
    show_feed: bool = False


def search(deps: Deps, pages: Pages, asked: str) -> str:
    """The page that finds clients by name, e-mail, telephone or code."""
    text = asked.strip()[:100]
    with deps.store.reading() as held:
        found = held.clients.find(text, 50) if text else ()
    return pages.render("clients.html", here="clients", asked=text, found=found)


def person(deps: Deps, pages: Pages, ref: str, asked: Asked) -> str:
    """One client's page. Raises NotFound."""
    now = deps.clock()
    with deps.store.reading() as held:
        client = held.clients.get(ref)
        if client is None:
            raise NotFound("No client has this address.")
        if held.personal.erased_at(ref) is not None:
            raise NotFound("This person was erased: nothing is kept but that it was done.")
        sights = [see(held, found, deps.flow, now) for found in held.appointments.of_client(ref)]
        contacts = _contacts(held, client)
        facts = lines(held, ref, deps.catalogue, deps.rulebook.conditions)
    forms = {form: Fields({}, f"{form}-") for form in (*FORMS, "feed", "writing")} | _correction(
        facts, asked.correct
    )
    for line in facts:
        for action in "wac":
            forms[f"{action}-{line.ref}"] = Fields({}, f"{action}-{line.ref}-")
    offered = deps.catalogue.treatments.values()
    return pages.render(
        "client.html",
        here="clients",
        client=client,
        identifiers=contacts,
        sights=sorted(sights, key=lambda sight: sight.start, reverse=True),
        facts=facts,
        forms=forms | dict(asked.typed),
        open=asked.open,
        feed=feed_sight(deps, ref, asked.show_feed, asked.root),
        choices=Choices.of(deps.clinic),
        procedures=[(each.code, each.name) for each in offered if not each.medication],
        medications=[(each.code, each.name) for each in offered if each.medication],
        conditions=[(each.code, each.name) for each in deps.rulebook.conditions.values()],
        speakers=SPEAKERS,
        today=now.astimezone(ZoneInfo(deps.clinic.location.zone)).date(),
        known_name=asked.name,
    )


def _contacts(held: Transaction, client: Client) -> list[str]:
    """What the client is recognised by, as the desk may want to dial or write to."""
    for known in held.clients.candidates(Clues(name=client.name, code=client.code), ""):
        if known.ref == client.ref:
            return [*known.emails, *known.phones]
    return []


def _correction(facts: list[Line], ref: str) -> dict[str, Fields]:
    """The form of a record to be corrected, filled with what it says now."""
    for line in facts:
        if ref and line.ref == ref and line.values:
            return {line.correct: Fields(line.values, f"{line.correct}-")}
    return {}
