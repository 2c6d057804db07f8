"""Who stands before the door: a link is looked up, and opens the page of its purpose or tells why not."""

import logging
from dataclasses import dataclass
from datetime import datetime

from flask import Response, request
from werkzeug.exceptions import Forbidden

from scheduler_app.domain.private_links import INTAKE, OPEN, USED, PrivateLink
from scheduler_app.flow.private_links import LinkPress, opened
from scheduler_app.ports import Transaction
from scheduler_app.texts.intake import Tongue, tongue
from scheduler_app.web.access import sent_from_here
from scheduler_app.web.deps import Deps
from scheduler_app.web.private.sheets import closed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with an open link."""

    link: PrivateLink
    token: str
    said: Tongue
    now: datetime

    @property
    def client(self) -> str:
        """Whose pages these are."""
        return self.link.client


def enter(deps: Deps, held: Transaction, token: str, purpose: str) -> Visitor | Response:
    """The visitor, or the page that says why the link opens nothing and how to get a new one."""
    now = deps.clock()
    standing, link = opened(held, token, purpose, now)
    if link is None:
        return closed(deps.clinic, "unknown")
    if standing != OPEN:
        answered = standing == USED and purpose == INTAKE
        return closed(deps.clinic, "answered" if answered else standing)
    return Visitor(link, token, tongue_of(deps, held, link.client), now)


def tongue_of(deps: Deps, held: Transaction, client: str) -> Tongue:
    """The client's language."""
    known = held.clients.get(client)
    return tongue(known.language if known and known.language else deps.clinic.languages[0])


def require_own_form() -> None:
    """Raise Forbidden for a form that a browser says another site sent. The link itself is a secret no other
    site knows; this only keeps a page elsewhere from sending one it learnt."""
    if not sent_from_here(request, browser=False):
        raise Forbidden("This form was not sent from its own page.")


def link_press(deps: Deps) -> LinkPress | None:
    """What links are made with; None where this house has no keys."""
    if deps.press is None:
        return None
    root = deps.public_url or request.url_root
    return LinkPress(tuple(deps.press.keys), root.rstrip("/"), deps.send_link)
