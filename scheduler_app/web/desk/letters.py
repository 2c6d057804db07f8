"""Letters to clients, as the desk looks after them: what waits, what failed, and how each client wants it."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from scheduler_app.domain.clients import Client
from scheduler_app.domain.mail import EVERYTHING, FAILED, INVITATIONS, LETTERS, NOTHING, SENT, Mail
from scheduler_app.errors import Invalid, NotFound
from scheduler_app.flow.mailing.desk import choose_mail, client_mail, mail_again, mail_sight
from scheduler_app.flow.mailing.posting import approve_letters, withhold_letters
from scheduler_app.web.deps import Deps
from scheduler_app.web.desk.fields import Fields
from scheduler_app.web.desk.pages import Pages
from scheduler_app.web.desk.person_routes import known_name, remembering
from scheduler_app.web.desk.recording import NAME_NEEDED

Page = str | Response | tuple[str, int]

CHOICES = (
    ("", "as the clinic does by default"),
    (NOTHING, "nothing by mail"),
    (LETTERS, "letters; the appointment stands in their own calendar"),
    (INVITATIONS, "invitations for appointments; the instructions stand in their own calendar"),
    (EVERYTHING, "everything as invitations; their own calendar shows none of it"),
)
KINDS = {
    "booked": "a booking",
    "confirmed": "a booking that is confirmed again",
    "changed": "a change",
    "held": "a hold",
    "cancelled": "a cancellation",
    "replaced": "a new booking in place of an old one",
    "aftercare": "aftercare",
    "care": "an instruction",
}
STATES = {SENT: "sent", FAILED: "refused", "withheld": "not sent: somebody here decided so"}
SHOWN = frozenset((*STATES, "planned", "waiting", "due", "sending"))


@dataclass(frozen=True, slots=True)
class LetterSight:
    """One letter, in words. when: local."""

    about: str
    when: datetime
    state: str
    client: Client | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Letters of one cause that are too many to go out unseen."""

    plan: str
    letters: list[LetterSight] = field(default_factory=list)


def add_letters(blueprint: Blueprint, deps: Deps, pages: Pages) -> None:
    """GET /desk/letters and /desk/clients/<ref>/letters, and the forms of both."""

    @blueprint.get("/letters")
    def letters() -> Page:
        return _letters(deps, pages, Fields({}))

    @blueprint.post("/letters")
    def settle() -> Page:
        form = Fields(request.form)
        by, plan = form.text("by", NAME_NEEDED), form.text("plan", "Choose what is to go out.")
        what = form.choice("do", ("approve", "withhold"), "Send them, or do not.")
        if form.ok:
            try:
                (approve_letters if what == "approve" else withhold_letters)(deps.flow, plan, by)
            except NotFound:
                form.wrong("by", "These letters do not wait any more. Look again.")
        if not form.ok:
            return _letters(deps, pages, form), 422
        deps.settle()
        return remembering(redirect("/desk/letters", 303), form)

    @blueprint.get("/clients/<ref>/letters")
    def of_client(ref: str) -> Page:
        return _of_client(deps, pages, ref, Fields({}))

    @blueprint.post("/clients/<ref>/letters")
    def choose(ref: str) -> Page:
        form = Fields(request.form)
        if not _choose(deps, ref, form):
            return _of_client(deps, pages, ref, form), 422
        deps.settle()
        return remembering(redirect(f"/desk/clients/{quote(ref)}/letters", 303), form)


def _letters(deps: Deps, pages: Pages, form: Fields) -> str:
    sight = mail_sight(deps.flow)
    return pages.render(
        "letters.html",
        here="letters",
        waiting=[
            Waiting(plan, [_seen(deps, mail) for mail in mails]) for plan, mails in sight.waiting.items()
        ],
        unsent=sum(sight.unsent.values()),
        failed=[_seen(deps, mail) for mail in sight.failed],
        bounces=[(_client(deps, bounce.client), bounce) for bounce in sight.bounces],
        form=form,
        known_name=known_name(),
    )


def _of_client(deps: Deps, pages: Pages, ref: str, form: Fields) -> str:
    client = _client(deps, ref)
    if client is None:
        raise NotFound("No client has this address.")
    held = client_mail(deps.flow, ref)
    with deps.store.reading() as tx:
        known = [each.value for each in tx.links.contacts(ref) if each.kind == "email"]
    refused = [bounce.address for bounce in held.bounces]
    return pages.render(
        "client_letters.html",
        here="clients",
        client=client,
        choice=held.choice,
        address=held.address,
        known=[each for each in known if each not in refused],
        letters=[_seen(deps, mail) for mail in held.mails if mail.state in SHOWN],
        refused=refused,
        choices=CHOICES,
        form=form,
        known_name=known_name(),
    )


def _choose(deps: Deps, ref: str, form: Fields) -> bool:
    """What the client wants, or that a refused address works again; False when the form has mistakes."""
    by, again = form.text("by", NAME_NEEDED), form.text("again")
    wanted = form.choice("by_mail", [code for code, _ in CHOICES], "Choose one.") if not again else ""
    if not form.ok:
        return False
    try:
        if again:
            mail_again(deps.flow, ref, again, by)
        else:
            choose_mail(deps.flow, ref, by, by_mail=wanted, address=form.text("address"))
    except Invalid as fault:
        form.blame(fault, "by_mail")
    return form.ok


def _seen(deps: Deps, mail: Mail) -> LetterSight:
    zone = ZoneInfo(deps.clinic.location.zone)
    return LetterSight(
        KINDS.get(mail.kind, mail.kind),
        (mail.tried_at or mail.created_at).astimezone(zone),
        STATES.get(mail.state, "waits to be sent"),
        _client(deps, mail.client),
        mail.error if mail.state == FAILED else "",
    )


def _client(deps: Deps, ref: str) -> Client | None:
    with deps.store.reading() as tx:
        return tx.clients.get(ref)
