"""explain: everything about one appointment, as plain values, for `scheduler explain` and the desk."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from scheduler_app.domain.actions import Action
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.events import Mark
from scheduler_app.domain.verdict import Finding
from scheduler_app.errors import NotFound
from scheduler_app.flow.flow import Flow
from scheduler_app.flow.marking import setting_of
from scheduler_app.flow.plan import wish
from scheduler_app.flow.start import may_write, state_of
from scheduler_app.flow.story import recorded, tell
from scheduler_app.ports import HeldVerdict, Transaction
from scheduler_app.texts.sentences import discreet, full

Plain = Mapping[str, object]


def explain(flow: Flow, ref: str) -> Plain:
    """Where it came from, what it was judged by and against, and what was written outside.

    Names people and treatments: for the desk only. Raises NotFound.
    """
    now = flow.clock()
    with flow.store.reading() as tx:
        appointment = tx.appointments.get(ref)
        if appointment is None:
            raise NotFound("no appointment goes by this ref")
        held = tx.verdicts.get(appointment.same_as or ref)
        client = tx.clients.get(appointment.client) if appointment.client else None
        return {
            "appointment": _appointment(appointment),
            "client": {"ref": client.ref, "name": client.name} if client else None,
            "verdict": _verdict(flow, held),
            "story": _story(flow, tx, appointment, flow.today(now)),
            "outside": _outside(flow, tx, appointment, held, now),
            "history": [
                {"by": c.by, "at": c.at.isoformat(), "field": c.field, "before": c.before, "after": c.after}
                for c in tx.appointments.history(ref)
            ],
            "audit": [dict(entry) for entry in tx.audit.entries(ref)],
        }


def _appointment(held: Appointment) -> Plain:
    zone = ZoneInfo(held.zone)
    return {
        "ref": held.ref,
        "source": held.source,
        "source_id": held.source_id,
        "title": held.title,
        "treatments": list(held.treatments),
        "start": held.start.astimezone(zone).isoformat(),
        "end": held.end.astimezone(zone).isoformat(),
        "zone": held.zone,
        "status": held.status,
        "booked_at": held.booked_at.isoformat() if held.booked_at else None,
        "doubts": list(held.doubts),
        "calendar": held.calendar,
        "replaced_by": held.replaced_by,
        "carries": held.carries or None,
        "same_as": held.same_as,
    }


def _verdict(flow: Flow, held: HeldVerdict | None) -> Plain | None:
    if held is None:
        return None
    verdict = held.verdict
    return {
        "outcome": verdict.outcome.word,
        "earliest": iso(verdict.earliest),
        "earliest_not_blocked": iso(verdict.earliest_not_blocked),
        "overridden": verdict.overridden,
        "rules": held.rulebook,
        "rules_current": held.rulebook == flow.rulebook.version,
        "judged_at": held.judged_at.isoformat(),
        "judged_for": iso(held.day),
        "findings": [_finding(flow, finding) for finding in verdict.findings],
    }


def _finding(flow: Flow, finding: Finding) -> Plain:
    other = finding.other
    return {
        "key": finding.key,
        "rule": finding.rule,
        "outcome": finding.outcome.word,
        "direction": finding.direction,
        "other": {"treatment": other.treatment, "on": iso(other.on), "ref": other.ref} if other else None,
        "days": finding.days,
        "absolute_minimum": finding.absolute_minimum,
        "minimum": finding.minimum,
        "until": iso(finding.until),
        "source": finding.source,
        "approved": finding.approved,
        "overridden": finding.overridden,
        "message": full(finding, flow.catalogue, flow.language),
        "discreet": discreet(finding, flow.language),
    }


def _story(flow: Flow, tx: Transaction, appointment: Appointment, today: int) -> Plain | None:
    if appointment.client is None:
        return None
    client = appointment.client
    story = tell(tx.appointments.of_client(client, twins=True), recorded(tx, client), flow.catalogue, today)
    return {
        "items": [
            {
                "treatment": i.treatment,
                "from": iso(i.first),
                "to": iso(i.last),
                "ref": i.ref,
                "course": i.course,
            }
            for i in story.items
        ],
        "visits": [
            {"ref": v.ref, "treatments": list(v.treatments), "on": iso(v.day), "status": v.status}
            for v in story.visits
        ],
        "conditions": list(story.conditions or ()),
        "cleared": {code: iso(until) for code, until in story.cleared.items()},
        "screened_on": iso(story.screened_on),
    }


def _outside(
    flow: Flow, tx: Transaction, appointment: Appointment, held: HeldVerdict | None, now: datetime
) -> Plain:
    written = tx.outbox.written(appointment.ref)
    waiting = tx.outbox.open_for(appointment.ref)
    wanted = wish(held.verdict if held else None, setting_of(tx, flow, appointment, written, now))
    state = state_of(tx, flow, appointment.calendar or "")
    return {
        "may_write": may_write(flow, state, appointment),
        "wanted": _mark(wanted.mark),
        "call_off": wanted.kind == "cancel",
        "written": _mark(written.mark) if written else None,
        "on_its_way": _action(waiting) if waiting else None,
    }


def _action(action: Action) -> Plain:
    return {"kind": action.kind, "state": action.state, "plan": action.plan, "mark": _mark(action.mark)}


def _mark(mark: Mark | None) -> Plain | None:
    if mark is None:
        return None
    return {"kind": mark.kind, "prefix": mark.prefix, "text": mark.text, "free": mark.free}


def iso(day: int | None) -> str | None:
    """A day ordinal as people write it; None for none, and for the ends of time (courses)."""
    if day is None or not 1 <= day <= date.max.toordinal():
        return None
    return date.fromordinal(day).isoformat()
