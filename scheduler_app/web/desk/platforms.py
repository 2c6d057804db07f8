"""Booking platforms at the desk: how we stand with each, and what a person decides about bookings there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from scheduler_app.domain.appointments import Appointment
from scheduler_app.errors import Invalid
from scheduler_app.flow.platforms.deciding import decide, open_to_people
from scheduler_app.flow.platforms.overview import PlatformStand, platforms, refused_because
from scheduler_app.web.deps import Deps
from scheduler_app.web.desk.fields import Fields
from scheduler_app.web.desk.pages import Pages
from scheduler_app.web.desk.person_routes import known_name, remembering
from scheduler_app.web.desk.recording import NAME_NEEDED
from scheduler_app.web.desk.sight import Sight, see

Page = str | Response | tuple[str, int]

MOST = 50  # of each kind shown at once
ACTS = {
    "confirm": "Confirm this booking",
    "decline": "Decline this booking",
    "cancel": "Call this booking off",
}
CAN = {
    "prevent": "refuses a booking before it is made",
    "hold": "confirms or declines bookings that wait",
    "cancel": "calls bookings off",
    "alert": "shows them to you",
}


@dataclass(frozen=True, slots=True)
class BookingSight:
    """One booking with what a person may do about it. refused: why the platform last said no."""

    sight: Sight
    acts: tuple[tuple[str, str], ...]
    refused: str
    form: Fields


@dataclass(frozen=True, slots=True)
class PlatformSight:
    """One platform, ready to be shown. read_at is local."""

    stand: PlatformStand
    read_at: datetime | None
    can: tuple[str, ...]
    alone: tuple[str, ...]
    waiting: tuple[BookingSight, ...]
    standing: tuple[BookingSight, ...]


def add_platforms(blueprint: Blueprint, deps: Deps, pages: Pages) -> None:
    """Register the page and its one form."""

    @blueprint.get("/platforms")
    def all_platforms() -> Page:
        return _page(deps, pages, "", Fields({}))

    @blueprint.post("/appointments/<ref>/platform")
    def act(ref: str) -> Page:
        form = Fields(request.form)
        if _settle(deps, ref, form):
            return remembering(redirect(f"/desk/platforms#b-{quote(ref)}", 303), form)
        return _page(deps, pages, ref, form), 422


def _page(deps: Deps, pages: Pages, ref: str, form: Fields) -> str:
    now = deps.clock()
    zone = ZoneInfo(deps.clinic.location.zone)
    with deps.store.reading() as held:

        def seen(visits: Sequence[Appointment]) -> tuple[BookingSight, ...]:
            return tuple(
                BookingSight(
                    see(held, visit, deps.flow, now),
                    tuple((kind, ACTS[kind]) for kind in open_to_people(held, deps.flow, visit)),
                    refused_because(held, visit),
                    form if visit.ref == ref else Fields({}, f"{visit.ref}-"),
                )
                for visit in visits[:MOST]
            )

        shown = [
            PlatformSight(
                stand,
                stand.state.read_until.astimezone(zone) if stand.state.read_until else None,
                tuple(CAN[each] for each in stand.capabilities),
                tuple(CAN[each] for each in stand.allowed),
                seen(stand.waiting),
                seen(stand.standing),
            )
            for stand in platforms(held, deps.flow)
        ]
    return pages.render("platforms.html", here="platforms", platforms=shown, known_name=known_name())


def _settle(deps: Deps, ref: str, form: Fields) -> bool:
    """A person decides; False when the form has mistakes. Raises NotFound."""
    by = form.text("by", NAME_NEEDED)
    kind = form.choice("do", tuple(ACTS), "Choose what to do.")
    if not form.ok:
        return False
    try:
        decide(deps.flow, ref, kind, by)
    except Invalid as fault:
        form.wrong("by", f"{fault.message[0].upper()}{fault.message[1:]}.")
        return False
    deps.settle()
    return True
