"""What clients told us and nobody settled yet: statements to accept, wishes, links that were asked for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint

from scheduler_app.domain.clients import Client
from scheduler_app.flow.private_links import ASKED, WITHHELD
from scheduler_app.ports import Transaction
from scheduler_app.web.deps import Deps
from scheduler_app.web.desk.known import Line, lines
from scheduler_app.web.desk.pages import Pages
from scheduler_app.web.desk.person_routes import known_name

MOST = 50  # clients shown at once
LATELY = timedelta(days=7)
LOOKED_AT = 500  # entries of the audit log


@dataclass(frozen=True, slots=True)
class Statements:
    """What one client said."""

    client: Client
    lines: list[Line]


def add_statements(blueprint: Blueprint, deps: Deps, pages: Pages) -> None:
    """GET /desk/statements."""

    @blueprint.get("/statements")
    def statements() -> str:
        zone = ZoneInfo(deps.clinic.location.zone)
        with deps.store.reading() as held:
            said = [_of(deps, held, ref) for ref in held.personal.unaccepted(MOST)]
            wishes = [
                (client, at.astimezone(zone))
                for ref, at in held.personal.erasures_asked().items()
                if (client := held.clients.get(ref)) is not None
            ]
            waiting = _waiting(held, deps.clock())
        return pages.render(
            "statements.html",
            here="statements",
            statements=[each for each in said if each is not None and each.lines],
            wishes=wishes,
            waiting=waiting,
            known_name=known_name(),
        )


def _of(deps: Deps, held: Transaction, ref: str) -> Statements | None:
    client = held.clients.get(ref)
    if client is None:
        return None
    known = lines(held, ref, deps.catalogue, deps.rulebook.conditions)
    return Statements(client, [line for line in known if line.unaccepted and not line.over])


def _waiting(held: Transaction, now: datetime) -> list[Client]:
    """Clients who asked for a link lately and were sent none."""
    since = (now - LATELY).isoformat()
    asked = dict.fromkeys(
        entry["target"]
        for entry in held.audit.entries(limit=LOOKED_AT)
        if entry["what"] in (ASKED, WITHHELD) and entry["at"] > since
    )
    found = []
    for ref in asked:
        client, links = held.clients.get(ref), held.links.of_client(ref)
        sent = any(link.sent_at is not None and link.sent_at.isoformat() > since for link, _ in links)
        if client is not None and client.name and not sent:
            found.append(client)
    return found
