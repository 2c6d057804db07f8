"""What waits for a person: bookings no rule can decide, plans that stopped, deliveries nobody could read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.clients import Client
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.domain.visits import once
from scheduler_app.errors import NotFound
from scheduler_app.ports import Transaction
from scheduler_app.web.deps import Deps
from scheduler_app.web.desk.fields import Fields
from scheduler_app.web.desk.holding import held_sights
from scheduler_app.web.desk.pages import Pages
from scheduler_app.web.desk.pairs import pairs_in_doubt
from scheduler_app.web.desk.sight import Sight, see

LOOK_BACK = timedelta(days=30)
LOOK_AHEAD = timedelta(days=180)
MOST = 100  # shown at once; the nearest first


@dataclass(frozen=True, slots=True)
class StoppedPlan:
    """A plan that touches too much, with the visits it would mark."""

    name: str
    sights: Sequence[Sight]
    form: Fields


def reviews(deps: Deps, pages: Pages, form: Fields, name: str) -> str:
    """The page of what waits for a person: holds to settle first, bookings in doubt, all that is held.

    form: that of a visit told of twice, as it was sent.
    """
    now = deps.clock()
    with deps.store.reading() as held:
        asked = _in_doubt(held, now)
        sights = [see(held, appointment, deps.flow, now) for appointment in asked[:MOST]]
        on_hold = held_sights(deps, held, now)
        given_up = len(held.work.parked())
        told_twice = pairs_in_doubt(deps, held, now - LOOK_BACK, now + LOOK_AHEAD, form)
    return pages.render(
        "reviews.html",
        here="reviews",
        sights=sights,
        more=len(asked) - len(sights),
        late=[each for each in on_hold if each.escalated],
        taken_off=[each for each in on_hold if each.left_alone and not each.escalated],
        waiting=[each for each in on_hold if not each.escalated and not each.left_alone],
        pairs=told_twice[:MOST],
        given_up=given_up,
        known_name=name,
    )


def _in_doubt(held: Transaction, now: datetime) -> list[Appointment]:
    """Those without a client, and those near in time whose title or client is in doubt; nearest first."""
    unassigned = [found for found in held.appointments.unassigned() if found.status not in NOT_HELD]
    doubted = [
        found
        for found in once(held.appointments.between(now - LOOK_BACK, now + LOOK_AHEAD, twins=True))
        if found.same_as is None
        and found.client is not None
        and found.status not in NOT_HELD
        and (found.doubts or not found.treatments)
    ]
    return sorted([*unassigned, *doubted], key=lambda found: (found.start < now, abs(found.start - now)))


def whose(deps: Deps, pages: Pages, ref: str, asked: str | None, form: Fields, name: str) -> str:
    """The page on which a person says whose booking it is. asked: whom they search. Raises NotFound."""
    now = deps.clock()
    with deps.store.reading() as held:
        appointment = held.appointments.get(ref)
        if appointment is None:
            raise NotFound("No appointment has this address.")
        sight = see(held, appointment, deps.flow, now)
        guess = deps.flow.reader.read(appointment.title).name or ""
        found = _bearers(held, guess if asked is None else asked)
    return pages.render(
        "whose.html",
        here="reviews",
        sight=sight,
        asked=guess if asked is None else asked,
        found=found,
        guess=guess,
        form=form,
        known_name=name,
    )


def _bearers(held: Transaction, text: str) -> Sequence[Client]:
    """Clients found by the whole text, else by any of its words."""
    text = text.strip()[:100]
    whole = held.clients.find(text, 20) if text else ()
    if whole:
        return whole
    people = {client.ref: client for word in text.split() for client in held.clients.find(word, 10)}
    return list(people.values())[:20]


def plans(deps: Deps, pages: Pages, form: Fields, name: str) -> str:
    """The page of plans a person must approve, with a form as it was sent."""
    now = deps.clock()
    with deps.store.reading() as held:
        stopped = [
            StoppedPlan(
                plan,
                _targets(deps, held, [action.target for action in actions], now),
                form if form.typed.get("plan") == plan else Fields({}, f"p{number}-"),
            )
            for number, (plan, actions) in enumerate(sorted(held.outbox.waiting().items()))
        ]
    return pages.render("plans.html", here="plans", plans=stopped, limits=deps.clinic.limits, known_name=name)


def unread(deps: Deps, pages: Pages) -> str:
    """The page of deliveries that could not be understood."""
    zone = ZoneInfo(deps.clinic.location.zone)
    with deps.store.reading() as held:
        refused = held.deliveries.refused(MOST)
    shown = [(each, each.received_at.astimezone(zone)) for each in refused]
    return pages.render("deliveries.html", here="deliveries", deliveries=shown)


def _targets(deps: Deps, held: Transaction, refs: Sequence[str], now: datetime) -> list[Sight]:
    found = (held.appointments.get(ref) for ref in refs)
    seen = [see(held, each, deps.flow, now) for each in found if each is not None]
    return sorted(seen, key=lambda sight: sight.start)
