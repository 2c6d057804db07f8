"""What is the client's own, as the desk looks after it: private links, the record to hand over, erasure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, request
from werkzeug.exceptions import NotFound as NoPage
from werkzeug.wrappers import Response

from scheduler_app.domain.private_links import OPEN, PURPOSES, PrivateLink
from scheduler_app.errors import Invalid, NotFound
from scheduler_app.flow.erase import Erased, erase, refuse_erasure
from scheduler_app.flow.private_links import Wanted, address_of, make_link, revoke_links
from scheduler_app.ports import Transaction
from scheduler_app.texts.intake import tongue
from scheduler_app.web.deps import Deps
from scheduler_app.web.desk.fields import Fields
from scheduler_app.web.desk.pages import Pages
from scheduler_app.web.desk.person_routes import known_name, remembering
from scheduler_app.web.desk.recording import NAME_NEEDED
from scheduler_app.web.private.doors import link_press
from scheduler_app.web.private.record import portray, zipped

Page = str | Response | tuple[str, int]
PURPOSE_NAMES = {
    "intake": "the health questions",
    "record": "everything held about them",
    "new-link": "a new calendar address",
    "erase": "the wish to be erased",
}
STANDINGS = {"open": "open", "used": "used", "expired": "over", "revoked": "ended"}
_PLAIN = {
    "contact-unconfirmed": "Ask the client whether this address is theirs, and tick the box.",
    "contact-shared": "Another client has this address too. Tick the box if it may go there all the same.",
}
SURE = "Tick the box: nobody can undo this."


@dataclass(frozen=True, slots=True)
class LinkSight:
    """One link as the desk sees it. address: the link itself, only where somebody asked to see it."""

    link: PrivateLink
    purpose: str
    standing: str
    made_at: datetime
    expires_at: datetime
    address: str = ""


def add_privacy(blueprint: Blueprint, deps: Deps, pages: Pages) -> None:
    """GET /desk/clients/<ref>/privacy, and the forms of that page."""

    @blueprint.get("/clients/<ref>/privacy")
    def privacy(ref: str) -> Page:
        return _page(deps, pages, ref, {})

    @blueprint.post("/clients/<ref>/links")
    def send_link(ref: str) -> Page:
        form = Fields(request.form, "link-")
        made = _make(deps, ref, form)
        if made is None:
            return _page(deps, pages, ref, {"link": form}), 422
        shown = "" if made.sent_at else f"?show={quote(made.ref)}"
        return remembering(redirect(f"/desk/clients/{quote(ref)}/privacy{shown}#links", 303), form)

    @blueprint.post("/clients/<ref>/links/end")
    def end_links(ref: str) -> Page:
        form = Fields(request.form, "end-")
        by = form.text("by", NAME_NEEDED)
        if not form.ok:
            return _page(deps, pages, ref, {"end": form}), 422
        revoke_links(deps.flow, ref, by)
        return remembering(redirect(f"/desk/clients/{quote(ref)}/privacy#links", 303), form)

    _handing_over(blueprint, deps, pages)


def _handing_over(blueprint: Blueprint, deps: Deps, pages: Pages) -> None:
    @blueprint.post("/clients/<ref>/record")
    def hand_over(ref: str) -> Page:
        form = Fields(request.form, "record-")
        by = form.text("by", NAME_NEEDED)
        if not form.ok:
            return _page(deps, pages, ref, {"record": form}), 422
        return _zip(deps, ref, by)

    @blueprint.post("/clients/<ref>/erasure")
    def settle_erasure(ref: str) -> Page:
        form = Fields(request.form, "erase-")
        done = _settle(deps, ref, form)
        if done is None:
            return _page(deps, pages, ref, {"erase": form}), 422
        if isinstance(done, Erased):
            zone = ZoneInfo(deps.clinic.location.zone)
            left = [(calendar, start.astimezone(zone)) for calendar, start in done.elsewhere]
            return pages.render("erased.html", here="clients", done=done, elsewhere=left)
        return remembering(redirect(f"/desk/clients/{quote(ref)}/privacy", 303), form)


def _page(deps: Deps, pages: Pages, ref: str, typed: Mapping[str, Fields]) -> str:
    with deps.store.reading() as held:
        client = held.clients.get(ref)
        if client is None or held.personal.erased_at(ref) is not None:
            raise NotFound("No client has this address.")
        contacts = held.links.contacts(ref)
        links = _links(deps, held, ref, request.args.get("show", ""))
        asked = held.personal.erasures_asked().get(ref)
    forms = {name: Fields({}, f"{name}-") for name in ("link", "end", "record", "erase")}
    addresses = [(f"{each.kind} {each.value}", each.value) for each in contacts]
    return pages.render(
        "privacy.html",
        here="clients",
        client=client,
        contacts=contacts,
        links=links,
        asked=asked,
        forms=forms | dict(typed),
        purposes=list(PURPOSE_NAMES.items()),
        addresses=[*addresses, ("hand", "Hand it over: the client is here, or on the telephone")],
        known_name=known_name(),
        sends=deps.send_link is not None,
    )


def _links(deps: Deps, held: Transaction, ref: str, show: str) -> list[LinkSight]:
    press, now, zone = link_press(deps), deps.clock(), ZoneInfo(deps.clinic.location.zone)
    seen = []
    for link, stored in held.links.of_client(ref)[:20]:
        standing = link.standing(now)
        address = None
        if link.ref == show and standing == OPEN and press is not None:
            address = address_of(press, link, stored)
        made, ends = link.made_at.astimezone(zone), link.expires_at.astimezone(zone)
        name = PURPOSE_NAMES.get(link.purpose, link.purpose)
        seen.append(LinkSight(link, name, STANDINGS[standing], made, ends, address or ""))
    return seen


def _make(deps: Deps, ref: str, form: Fields) -> PrivateLink | None:
    press = link_press(deps)
    if press is None:
        raise NoPage
    purpose = form.choice("purpose", PURPOSES, "Choose what the link is for.")
    by = form.text("by", NAME_NEEDED)
    chosen = form.text("to", "Choose where it goes.")
    kind, _, address = chosen.partition(" ") if chosen != "hand" else ("", "", "")
    if not form.ok:
        return None
    wanted = Wanted(purpose, by, kind, address, form.ticked("confirmed"), form.ticked("shared"))
    try:
        made = make_link(deps.flow, press, ref, wanted)
    except Invalid as fault:
        field = fault.path if fault.path in ("confirmed", "shared") else "to"
        form.wrong(field or "to", _PLAIN.get(fault.code, fault.message))
        return None
    with deps.store.reading() as held:
        return next(link for link, _ in held.links.of_client(ref) if link.ref == made.ref)


def _zip(deps: Deps, ref: str, by: str) -> Response:
    now = deps.clock()
    with deps.store.transaction() as held:
        client = held.clients.get(ref)
        if client is None or held.personal.erased_at(ref) is not None:
            raise NotFound("No client has this address.")
        held.audit.write(now, by, "record-downloaded", ref, {})
        said = tongue(client.language or deps.clinic.languages[0])
        portrait = portray(deps, held, ref, said)
    return zipped(deps, portrait, said, now)


def _settle(deps: Deps, ref: str, form: Fields) -> Erased | bool | None:
    """What was erased, True where the wish was dropped, None for mistakes."""
    by = form.text("by", NAME_NEEDED)
    act = form.choice("do", ("erase", "refuse"), "Choose what to do.")
    if act == "erase" and not form.ticked("sure"):
        form.wrong("sure", SURE)
    if not form.ok:
        return None
    if act == "refuse":
        refuse_erasure(deps.flow, ref, by)
        return True
    deps.settle()  # what has just come in is seen before it is decided that nothing lies ahead
    try:
        done = erase(deps.flow, ref, by)
    except Invalid as fault:
        form.wrong("sure", fault.message[0].upper() + fault.message[1:] + ".")
        return None
    deps.settle()
    return done
