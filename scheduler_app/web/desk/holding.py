"""Holds as the desk shows them: whose they are to settle, by when, and what became of their slot and mark."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler_app.domain.appointments import Appointment
from scheduler_app.errors import Invalid
from scheduler_app.flow.holds import Hold, holds
from scheduler_app.flow.slots import holds_slot, release_slot
from scheduler_app.flow.start import may_write, state_of
from scheduler_app.ports import Transaction
from scheduler_app.web.deps import Deps
from scheduler_app.web.desk.fields import Fields
from scheduler_app.web.desk.recording import NAME_NEEDED
from scheduler_app.web.desk.sight import Sight, see
from scheduler_app.web.through import visit_through

DESK = "the desk"


@dataclass(frozen=True, slots=True)
class HeldSight:
    """One held visit. deadline is local to its zone."""

    sight: Sight
    owner: str
    deadline: datetime
    escalated: bool
    left_alone: bool
    free: bool
    clash: bool


@dataclass(frozen=True, slots=True)
class OnTheGrid:
    """What an appointment's own page says of its event. why_not: why nothing is written there."""

    held: HeldSight | None = None
    may_give_back: bool = False
    why_not: str = ""


def held_sights(deps: Deps, held: Transaction, now: datetime) -> list[HeldSight]:
    """All visits ahead that are held, the nearest first."""
    return [_sight(deps, held, hold, now) for hold in holds(held, deps.flow, now)]


def on_the_grid(deps: Deps, held: Transaction, visit: Appointment, now: datetime) -> OnTheGrid:
    """How the appointment stands in its calendar."""
    whole = (held.appointments.get(visit.same_as) if visit.same_as else None) or visit
    then = holds(held, deps.flow, now, whole.start + timedelta(seconds=1), whole.start)
    found = [hold for hold in then if hold.appointment.ref == whole.ref]
    sight = _sight(deps, held, found[0], now) if found else None
    return OnTheGrid(sight, holds_slot(held, deps.flow, visit, now), _why_not(deps, held, visit))


def give_back(deps: Deps, ref: str, form: Fields) -> bool:
    """A person gives the slot of a held visit back; False when the form has mistakes. Raises NotFound."""
    by = form.text("by", NAME_NEEDED)
    if not form.ok:
        return False
    try:
        release_slot(deps.flow, ref, by)
    except Invalid as fault:
        form.wrong("by", fault.message[0].upper() + fault.message[1:])
        return False
    visit_through(deps, ref)
    return True


def _sight(deps: Deps, held: Transaction, hold: Hold, now: datetime) -> HeldSight:
    visit = hold.appointment
    return HeldSight(
        see(held, visit, deps.flow, now),
        hold.owner or DESK,
        hold.deadline.astimezone(ZoneInfo(visit.zone)),
        hold.escalated,
        hold.left_alone,
        hold.free,
        hold.clash,
    )


def _why_not(deps: Deps, held: Transaction, visit: Appointment) -> str:
    if visit.calendar is None or visit.calendar not in deps.flow.gateways:
        return ""
    if not visit.writable:
        return "Its event is a guest's copy, or locked: we may not write on it. Tell whoever booked it."
    if not may_write(deps.flow, state_of(held, deps.flow, visit.calendar), visit):
        return "Its calendar is only observed, or was started for later bookings: nothing is written there."
    return ""
