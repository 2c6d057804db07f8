"""erase: a person vanishes from what we hold, and the audit trail stays without them.

Decided in docs/decisions.md: nothing of the appointments is kept, not even without a name, since a date
and a room would lead back to the person through any calendar. A visit that lies ahead must be called off
or over first, because it has to be judged by something.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.private_links import CLIENT, ERASE
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.domain.visits import once
from scheduler_app.errors import Conflict, Invalid, NotFound
from scheduler_app.flow.flow import SWEEP, Flow
from scheduler_app.flow.private_links import use
from scheduler_app.flow.reading import is_elsewhere
from scheduler_app.ports import CalendarGateway, Transaction

SCRUB = "scrub"  # the sweep that lets the database's file forget


@dataclass(frozen=True, slots=True)
class Erased:
    """What became of it. rows: by table. left: texts that may be about a namesake, or a visit ahead.

    elsewhere: visits whose events stand in calendars that others keep, by calendar and start: the clinic
    takes their words away there, since they are its own.
    """

    rows: Mapping[str, int] = field(default_factory=dict)
    left: int = 0
    elsewhere: Sequence[tuple[str, datetime]] = ()


def ask_to_be_erased(flow: Flow, token: str) -> bool:
    """The client confirms the wish through a private link; a person at the clinic does the rest.

    False where the link opens nothing (any more).
    """
    now = flow.clock()
    with flow.store.transaction() as tx:
        link = use(tx, token, ERASE, now)
        if link is None:
            return False
        tx.personal.ask_erasure(link.client, CLIENT, now)
        tx.audit.write(now, CLIENT, "erasure-asked", link.client, {"link": link.ref})
    return True


def refuse_erasure(flow: Flow, client: str, by: str) -> None:
    """The wish is dropped, after somebody spoke with the client. Raises NotFound for no such wish."""
    now = flow.clock()
    with flow.store.transaction() as tx:
        if not tx.personal.refuse_erasure(client):
            raise NotFound("this client did not ask to be erased")
        tx.audit.write(now, by, "erasure-refused", client, {})


def erase(flow: Flow, client: str, by: str) -> Erased:
    """Take the person away for good. Raises NotFound, Invalid while a visit lies ahead, Unavailable when a
    calendar does not let our marks be taken off: then nothing was erased.
    """
    now = flow.clock()
    with flow.store.reading() as tx:
        visits = _visits(tx, client, now)
        marked = [
            visit for visit in visits if is_elsewhere(flow, _of(visit)) and tx.outbox.written(visit.ref)
        ]
    for visit in marked:
        _take_mark_off(flow.gateways[_of(visit)], visit)
    with flow.store.transaction() as tx:
        visits = _visits(tx, client, now)  # a booking may have come in meanwhile
        rows = dict(tx.personal.erase(client, by, now))
        left = rows.pop("", 0)
        counts = {table: str(count) for table, count in rows.items()}
        tx.audit.write(now, by, "client-erased", client, counts)
        tx.work.touch(SWEEP, SCRUB)
    elsewhere = [(_of(visit), visit.start) for visit in visits if is_elsewhere(flow, _of(visit))]
    return Erased(rows, left, elsewhere)


def _visits(tx: Transaction, client: str, now: datetime) -> Sequence[Appointment]:
    if tx.clients.get(client) is None or tx.personal.erased_at(client) is not None:
        raise NotFound("no client goes by this ref")
    visits = tx.appointments.of_client(client, twins=True)
    ahead = sum(visit.end > now and visit.status not in NOT_HELD for visit in once(visits))
    if ahead:
        fault = f"{ahead} visit(s) lie ahead: cancel them, or wait until they are over, and erase then"
        raise Invalid("visits-ahead", fault, "visits")
    return visits


def _of(visit: Appointment) -> str:
    return visit.calendar or ""


def _take_mark_off(gateway: CalendarGateway, visit: Appointment) -> None:
    """What a person wrote stays; an event that is gone bears no mark."""
    for last in (False, True):
        try:
            event = gateway.event(_of(visit), visit.source_id)
            if event.mark is not None:
                gateway.unmark(_of(visit), event.id, event.etag)
            return
        except NotFound:
            return
        except Conflict:
            if last:
                raise
