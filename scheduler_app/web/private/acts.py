"""/my/erase/<token> and /my/new-link/<token>: one button each, and a link that is then used up."""

from flask import Blueprint, Response

from scheduler_app.domain.private_links import CLIENT, ERASE, NEW_LINK
from scheduler_app.errors import NotFound
from scheduler_app.flow.erase import ask_to_be_erased
from scheduler_app.flow.links import renew
from scheduler_app.flow.private_links import use
from scheduler_app.web.deps import Deps
from scheduler_app.web.private.doors import Visitor, enter, link_press, require_own_form
from scheduler_app.web.private.sheets import SHEETS, closed


def add(blueprint: Blueprint, deps: Deps) -> None:
    """The routes."""

    @blueprint.get("/erase/<token>")
    def ask_erase(token: str) -> Response:
        return _page(deps, token, ERASE, ("lead", "stays", "person"))

    @blueprint.post("/erase/<token>")
    def hear_erase(token: str) -> Response:
        visitor = _visitor(deps, token, ERASE)
        if isinstance(visitor, Response):
            return visitor
        if not ask_to_be_erased(deps.flow, token):
            return closed(deps.clinic, "used")
        return SHEETS.page("told.html", visitor.said, deps.clinic, section=ERASE, also=())

    @blueprint.get("/new-link/<token>")
    def ask_new(token: str) -> Response:
        return _page(deps, token, NEW_LINK, ("lead",))

    @blueprint.post("/new-link/<token>")
    def hear_new(token: str) -> Response:
        visitor = _visitor(deps, token, NEW_LINK)
        if isinstance(visitor, Response):
            return visitor
        try:
            address = _renewed(deps, visitor)
        except NotFound:
            none = visitor.said.say(NEW_LINK, "none")
            return SHEETS.page(
                "told.html", visitor.said, deps.clinic, section=NEW_LINK, instead=none, also=()
            )
        if address is None:
            return closed(deps.clinic, "used")
        return SHEETS.page("told.html", visitor.said, deps.clinic, section=NEW_LINK, address=address, also=())


def _page(deps: Deps, token: str, purpose: str, paragraphs: tuple[str, ...]) -> Response:
    with deps.store.reading() as held:
        visitor = enter(deps, held, token, purpose)
    if isinstance(visitor, Response):
        return visitor
    return SHEETS.page("act.html", visitor.said, deps.clinic, section=purpose, paragraphs=paragraphs)


def _visitor(deps: Deps, token: str, purpose: str) -> Visitor | Response:
    require_own_form()
    with deps.store.reading() as held:
        return enter(deps, held, token, purpose)


def _renewed(deps: Deps, visitor: Visitor) -> str | None:
    """The page of the new address; None where somebody was faster. Raises NotFound without a feed, and then
    the link stays open."""
    press = link_press(deps)
    if press is None or deps.press is None:
        raise NotFound("this house makes no feeds")
    with deps.store.transaction() as tx:
        if use(tx, visitor.token, NEW_LINK, visitor.now) is None:
            return None
        token = renew(tx, deps.press, visitor.client)
        tx.audit.write(visitor.now, CLIENT, "feed-renewed", visitor.client, {"link": visitor.link.ref})
    return f"{press.root}/c/{token}"
