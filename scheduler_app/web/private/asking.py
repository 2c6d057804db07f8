"""/my/ask/<feed token>: the client asks for a private link. The page of the feed leads here.

A feed's token opens this page, and through it nothing: what is sent goes to an address the clinic
confirmed. The answer is always the same, so that nothing is learnt from it.
"""

from flask import Blueprint, Response, request

from scheduler_app.domain.private_links import PURPOSES
from scheduler_app.domain.tokens import stored_form, well_formed
from scheduler_app.flow.private_links import ask_link
from scheduler_app.texts.intake import Tongue
from scheduler_app.web.deps import Deps
from scheduler_app.web.private.doors import link_press, require_own_form, tongue_of
from scheduler_app.web.private.sheets import SHEETS, closed

ORDER = ("intake", "record", "new-link", "erase")


def add(blueprint: Blueprint, deps: Deps) -> None:
    """The routes."""

    @blueprint.get("/ask/<token>")
    def which(token: str) -> Response:
        said = _tongue(deps, token)
        if said is None:
            return closed(deps.clinic, "unknown")
        return SHEETS.page("ask.html", said, deps.clinic, purposes=ORDER)

    @blueprint.post("/ask/<token>")
    def ask_for(token: str) -> Response:
        require_own_form()
        press, said = link_press(deps), _tongue(deps, token)
        purpose = request.form.get("purpose", "")
        if press is None or said is None or purpose not in PURPOSES:
            return closed(deps.clinic, "unknown")
        ask_link(deps.flow, press, token, purpose)
        deps.nudge()
        return SHEETS.page("told.html", said, deps.clinic, section="ask", also=())


def _tongue(deps: Deps, token: str) -> Tongue | None:
    """The language of whoever's feed it is; None for a token that opens no feed."""
    if not well_formed(token):
        return None
    with deps.store.reading() as held:
        client = held.links.client_of_feed(stored_form(token))
        return None if client is None else tongue_of(deps, held, client)
