"""Work that could not be done: what was given up, in plain words, and a button to have it tried again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from scheduler_app.flow import flow as kinds
from scheduler_app.flow.given_up import GivenUp, given_up, try_again
from scheduler_app.ports import Transaction
from scheduler_app.web.deps import Deps
from scheduler_app.web.desk.fields import Fields
from scheduler_app.web.desk.pages import Pages
from scheduler_app.web.desk.person_routes import known_name, remembering
from scheduler_app.web.desk.recording import NAME_NEEDED

Page = str | Response | tuple[str, int]

MOST = 100  # shown at once
KINDS: Mapping[str, str] = {
    kinds.INGEST: "Taking in what a booking system sent",
    kinds.FETCH: "Reading a booking at its platform",
    kinds.RECONCILE: "Reading a booking platform",
    kinds.SYNC: "Reading a calendar",
    kinds.WATCH: "Asking to be told of changes in a calendar",
    kinds.JUDGE: "Judging visits by the rules",
    kinds.RELEASE: "Letting a plan of marks go out",
    kinds.DISPATCH: "Writing what was decided about a visit",
    kinds.PUBLISH: "Bringing a client's own calendar up to date",
    kinds.MAIL: "Writing a client's letters",
    kinds.POST: "Letting letters go out",
    kinds.SEND: "Sending a client's letters",
    kinds.SWEEP: "Looking after what time brings about",
}
ERRORS: Mapping[str, str] = {
    "": "It never came to an end: the program was stopped each time while it was at it.",
    "NotFound": "What it is about is not there.",
    "Invalid": "What it was given cannot be used.",
    "Denied": "A key or a signature was not accepted.",
    "Expired": "What was read last is too old to go on from.",
    "Undeliverable": "It was refused for good.",
    "Unsafe": "It would have touched more than anybody should approve unseen.",
}
DEFECT = "This looks like a defect of the program. Show this page to whoever looks after it."


@dataclass(frozen=True, slots=True)
class NotDone:
    """One piece of work, ready to be shown. since: local, None where it was given up only just now.

    address: the desk's page about what it concerns, "" where there is none. form: its own, with mistakes.
    """

    work: GivenUp
    what: str
    why: str
    whom: str
    address: str
    since: datetime | None
    form: Fields


def add_not_done(blueprint: Blueprint, deps: Deps, pages: Pages) -> None:
    """GET /desk/work, and its one form."""

    @blueprint.get("/work")
    def not_done() -> Page:
        return _page(deps, pages, Fields({}))

    @blueprint.post("/work")
    def again() -> Page:
        form = Fields(request.form)
        by = form.text("by", NAME_NEEDED)
        if not form.ok:
            return _page(deps, pages, form), 422
        try_again(deps.flow, form.text("work"), by)  # pressed twice, or by two people: once is enough
        deps.settle()
        return remembering(redirect("/desk/work", 303), form)


def _page(deps: Deps, pages: Pages, form: Fields) -> str:
    zone = ZoneInfo(deps.clinic.location.zone)
    with deps.store.reading() as held:
        found = given_up(held)
        shown = []
        for number, work in enumerate(found[:MOST]):
            mine = form if form.typed.get("work") == work.name else Fields({})
            whom, address = _concerned(held, deps, work)
            since = work.since.astimezone(zone) if work.since else None
            why = ERRORS.get(work.error, DEFECT)
            words = KINDS.get(work.kind, work.kind)
            shown.append(NotDone(work, words, why, whom, address, since, mine.other(f"w{number}-")))
    more = len(found) - len(shown)
    return pages.render("not_done.html", here="work", works=shown, more=more, known_name=known_name())


def _concerned(held: Transaction, deps: Deps, work: GivenUp) -> tuple[str, str]:
    """What it concerns, in words, and where the desk shows it."""
    ref = work.ref
    match work.about:
        case "client":
            client = held.clients.get(ref)
            page = "/letters" if work.kind in (kinds.MAIL, kinds.SEND) else ""
            return (client.name or "A client", f"/desk/clients/{quote(ref)}{page}") if client else _GONE
        case "appointment":
            visit = held.appointments.get(ref)
            return (visit.title or "A visit", f"/desk/appointments/{quote(ref)}") if visit else _GONE
        case "calendar":
            known = deps.clinic.calendars.get(ref)
            return (f"The calendar “{ref}”", f"/desk/calendars/{quote(ref)}") if known else _GONE
        case "platform":
            return f"The platform “{ref}”", "/desk/platforms"
        case "source" if ref in deps.flow.platforms:
            return f"The platform “{ref}”", "/desk/platforms"
        case "source":
            return f"The booking system “{ref}”", "/desk/deliveries"
        case "plan":
            return "Plans", "/desk/plans"
        case "letters":
            return "Letters", "/desk/letters"
    return "The whole clinic", ""


_GONE = ("Something that is not on record any more", "")
