"""How the clinic stands with its platforms: what waits there for a person, and what could not be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.platforms import CAPABILITIES, UNMAPPED, PlatformState
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.flow.flow import Flow
from scheduler_app.flow.platforms.standing import state_of
from scheduler_app.flow.platforms.wishes import WAITS, refusing
from scheduler_app.flow.refused import ACT_REFUSED
from scheduler_app.flow.unreadable import BOOKING, told
from scheduler_app.ports import Transaction

LOOKED_AHEAD = timedelta(days=180)
MOST_TOLD = 50  # of the bookings that could not be told


@dataclass(frozen=True, slots=True)
class PlatformStand:
    """One platform. capabilities: what it can do; allowed: what of that happens by itself.

    waiting: bookings that wait for confirmation; standing: those that stand although a rule blocks them;
    unmapped: how many ahead are for a service nobody matched; unreadable: bookings that could not be told
    in our words lately, with why; open: False where it has no usable key.
    """

    name: str
    kind: str
    state: PlatformState
    capabilities: tuple[str, ...]
    allowed: tuple[str, ...]
    waiting: Sequence[Appointment] = ()
    standing: Sequence[Appointment] = ()
    unmapped: int = 0
    unreadable: Sequence[tuple[str, str]] = ()
    open: bool = True


def platforms(tx: Transaction, flow: Flow) -> list[PlatformStand]:
    """Every platform of clinic.toml, those without a usable key too."""
    now = flow.clock()
    ahead = [each for each in tx.appointments.between(now, now + LOOKED_AHEAD) if _counts(flow, each)]
    found = []
    for name, kept in flow.clinic.platforms.items():
        platform = flow.platforms.get(name)
        capabilities = tuple(each for each in CAPABILITIES if platform and each in platform.capabilities)
        own = [each for each in ahead if each.source == name]
        found.append(
            PlatformStand(
                name,
                kept.kind,
                state_of(tx, flow, name),
                capabilities,
                tuple(each for each in kept.terms.allowed if each in capabilities),
                [each for each in own if each.status in WAITS],
                [each for each in own if each.status not in WAITS and _blocked(tx, each)],
                sum(1 for each in own if UNMAPPED in each.doubts),
                told(tx, BOOKING, name, now)[:MOST_TOLD],
                platform is not None,
            )
        )
    return found


def refused_because(tx: Transaction, visit: Appointment) -> str:
    """Why the platform last refused what we wanted done; "" where it did not, or the booking moved on."""
    told = [entry for entry in tx.audit.entries(visit.ref) if entry["what"] == ACT_REFUSED]
    if not told or datetime.fromisoformat(told[0]["at"]) < visit.reported_at:
        return ""
    return told[0].get("why", "")


def _counts(flow: Flow, visit: Appointment) -> bool:
    return visit.status not in NOT_HELD and visit.source in flow.clinic.platforms


def _blocked(tx: Transaction, visit: Appointment) -> bool:
    known = tx.verdicts.get(visit.ref)
    return known is not None and bool(refusing(known.verdict))
