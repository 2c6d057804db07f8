"""slots: when the time of a held visit is given back, and what is offered to one that lost its own."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler_app.domain.actions import WrittenMark
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.clinic import CANCEL, MarkTerms
from scheduler_app.domain.clinic import HOLD as HOLDS
from scheduler_app.domain.events import CalendarEvent
from scheduler_app.domain.slots import Wish, allowed, free_starts
from scheduler_app.domain.story import Story
from scheduler_app.domain.visits import as_one
from scheduler_app.errors import Invalid, NotFound
from scheduler_app.flow.flow import JUDGE, SWEEP, Flow
from scheduler_app.flow.plan import CLASH, HOLD, begun
from scheduler_app.flow.start import may_write, state_of
from scheduler_app.flow.story import recorded, tell
from scheduler_app.flow.take import judge_key
from scheduler_app.ports import CalendarGateway, Transaction

HELD = "held:"  # begins the key of the sweep that looks at one hold when its time has come
RELEASED = "slot-released"
OFFERED = 3  # free times, on as many days
LOOKED_THROUGH = 28  # days
STEP = timedelta(minutes=15)


def since_held(tx: Transaction, appointment: Appointment, written: WrittenMark | None) -> datetime | None:
    """When the visit was first held at the start it has; None when it never was, or has moved since.

    A hold that somebody took off and that was put back is as old as the first one.
    """
    since = written.held_since if written else None
    if since is None:
        since = _before_it_was_taken_off(tx, appointment.ref)
    moved = moved_at(tx, appointment.ref)
    return None if since is None or (moved is not None and moved > since) else since


def moved_at(tx: Transaction, ref: str) -> datetime | None:
    """When the visit was last given another start."""
    moves = [
        change.at
        for change in tx.appointments.history(ref)
        if change.field == "start" and change.before is not None
    ]
    return moves[-1] if moves else None


def is_free(
    tx: Transaction, appointment: Appointment, written: WrittenMark | None, terms: MarkTerms, now: datetime
) -> bool:
    """Whether the slot of a visit that is held should be free for others: its time is up, or a person
    gave it back. Once free it stays so until the visit moves."""
    if written is None or written.mark.kind not in (HOLD, CLASH) or terms.mode not in (HOLDS, CANCEL):
        return False
    since = since_held(tx, appointment, written)
    if since is None:
        return False
    if written.mark.free:
        moved = moved_at(tx, appointment.ref)
        return moved is None or written.written_at >= moved
    if terms.release_after is not None and now >= since + timedelta(minutes=terms.release_after):
        return True
    return any(
        entry["what"] == RELEASED and datetime.fromisoformat(entry["at"]) >= since
        for entry in tx.audit.entries(appointment.ref)
    )


def keep_time(tx: Transaction, flow: Flow, appointment: Appointment, since: datetime, now: datetime) -> None:
    """Have the hold looked at when its time is up."""
    kept = flow.clinic.calendars.get(appointment.calendar or "")
    if kept is not None and kept.marks.release_after is not None:
        due = since + timedelta(minutes=kept.marks.release_after)
        tx.work.touch(SWEEP, HELD + appointment.ref, delay=max(0.0, (due - now).total_seconds()))


def left_to_hold(
    tx: Transaction, flow: Flow, visit: Appointment, written: WrittenMark, now: datetime
) -> float | None:
    """For how many seconds the visit still holds its slot; None for one that holds none, or for ever."""
    kept = flow.clinic.calendars.get(visit.calendar or "")
    since = since_held(tx, visit, written)
    if kept is None or kept.marks.release_after is None or since is None:
        return None
    if written.mark.kind != HOLD or written.mark.free or begun(visit, now):
        return None
    return (since + timedelta(minutes=kept.marks.release_after) - now).total_seconds()


def restarted(
    tx: Transaction, flow: Flow, appointment: Appointment, written: WrittenMark | None, now: datetime
) -> WrittenMark | None:
    """The mark as it is known; a hold whose visit has moved keeps its slot for the whole time again."""
    if written is None or written.mark.kind != HOLD:
        return written
    if since_held(tx, appointment, written) is not None:
        return written
    anew = replace(written, held_since=now)
    tx.outbox.put_written(anew)
    keep_time(tx, flow, appointment, now, now)
    return anew


def release_slot(flow: Flow, appointment: str, by: str) -> None:
    """A person gives the slot of a held visit back at once.

    Raises NotFound for no such appointment, Invalid for one that does not hold a slot (any more).
    """
    now = flow.clock()
    with flow.store.transaction() as tx:
        visit = tx.appointments.get(appointment)
        if visit is None:
            raise NotFound("no appointment goes by this ref")
        if not holds_slot(tx, flow, visit, now):
            raise Invalid("slot-not-held", "this visit holds no slot now; look at it again", "appointment")
        tx.audit.write(now, by, RELEASED, visit.ref, {"start": visit.start.isoformat()})
        tx.work.touch(JUDGE, judge_key(visit))


def holds_slot(tx: Transaction, flow: Flow, visit: Appointment, now: datetime) -> bool:
    """Whether the visit is held and still takes a slot that may be given back."""
    written = tx.outbox.written(visit.ref)
    if written is None or written.mark.kind != HOLD or written.mark.free or begun(visit, now):
        return False
    return may_write(flow, state_of(tx, flow, visit.calendar or ""), visit)


def taken(gateway: CalendarGateway, calendar: str, event: CalendarEvent) -> bool:
    """Whether somebody else has the event's time by now."""
    return any(
        busy.id != event.id and busy.start < event.end and event.start < busy.end
        for busy in gateway.busy(calendar, event.start, event.end)
    )


def free_times(flow: Flow, gateway: CalendarGateway, visit: Appointment, now: datetime) -> Sequence[datetime]:
    """Up to three free starts for the visit, on the first days it may be had, near its time of day.

    Within opening hours, over nothing else in its calendar, on days no gap rule speaks against. Local.
    """
    place = flow.clinic.location_of(visit.calendar or "")
    zone = ZoneInfo(place.zone)
    first = max(now, visit.start).astimezone(zone).date()
    last = first + timedelta(days=LOOKED_THROUGH - 1)
    wish = Wish(_whole(flow, visit).treatments, first, last, visit.end - visit.start, STEP)
    begin = datetime(first.year, first.month, first.day, tzinfo=zone).astimezone(UTC)
    found = gateway.busy(visit.calendar or "", begin, begin + timedelta(days=LOOKED_THROUGH + 1))
    busy = sorted(
        (each.start.timestamp(), each.end.timestamp()) for each in found if each.id != visit.source_id
    )
    rules = allowed(wish, _story_without(flow, visit, now), flow.rulebook, flow.today(now), place.zone)
    starts = rules.starts(free_starts(place, wish, busy, now))
    return _one_a_day([datetime.fromtimestamp(start, zone) for start in starts], visit.start.astimezone(zone))


def _one_a_day(starts: Sequence[datetime], like: datetime) -> list[datetime]:
    by_day: dict[date, list[datetime]] = {}
    for start in starts:
        by_day.setdefault(start.date(), []).append(start)
    wanted = like.hour * 60 + like.minute
    chosen = []
    for _, of_day in sorted(by_day.items())[:OFFERED]:
        chosen.append(min(of_day, key=lambda each: abs(each.hour * 60 + each.minute - wanted)))
    return chosen


def _story_without(flow: Flow, visit: Appointment, now: datetime) -> Story:
    """The client's story as it is without this visit, which is to be had at another time."""
    if visit.client is None:
        return Story()
    with flow.store.reading() as tx:
        halves = (visit.ref, visit.same_as or visit.ref)
        book = tx.appointments.of_client(visit.client, twins=True)
        others = [each for each in book if each.ref not in halves]
        return tell(others, recorded(tx, visit.client), flow.catalogue, flow.today(now))


def _whole(flow: Flow, visit: Appointment) -> Appointment:
    """The visit as it is judged, where the event is the copy of a booking."""
    if visit.same_as is None:
        return visit
    with flow.store.reading() as tx:
        booking = tx.appointments.get(visit.same_as)
    return as_one(booking, visit) if booking else visit


def _before_it_was_taken_off(tx: Transaction, ref: str) -> datetime | None:
    for entry in tx.audit.entries(ref):
        if entry["what"] == "mark-removed" and entry.get("held_since"):
            return datetime.fromisoformat(entry["held_since"])
    return None
