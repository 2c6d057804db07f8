"""One client's story as the API tells it: what is known, with who said so, and how every visit stands."""

from collections.abc import Mapping
from typing import Any

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.facts import ConditionFact, Said, Screening, TreatmentFact
from scheduler_app.domain.story import Override
from scheduler_app.errors import NotFound
from scheduler_app.ports import HeldVerdict, Transaction
from scheduler_app.web.deps import Deps
from scheduler_app.web.stories import whose


def story(deps: Deps, ident: str) -> dict[str, Any]:
    """Everything held about the client of this ref or client code. Raises NotFound."""
    with deps.store.reading() as held:
        ref = client_ref(deps, held, ident)
        client = held.clients.get(ref)
        if client is None:
            raise NotFound("No client has this id.")
        verdicts = held.verdicts.of_client(ref)
        return {
            "id": ref,
            "name": client.name,
            "code": client.code,
            "treatments": [_treatment(fact) for fact in held.records.treatments(ref)],
            "conditions": [_condition(fact) for fact in held.records.conditions(ref)],
            "screenings": [_screening(fact) for fact in held.records.screenings(ref)],
            "overrides": [_override(each) for each in held.records.overrides(ref)],
            "appointments": [_appointment(deps, each, verdicts) for each in held.appointments.of_client(ref)],
        }


def client_ref(deps: Deps, held: Transaction, ident: str) -> str:
    """The ref behind an id in an address. Raises NotFound."""
    ref = whose(held, {"id": ident}, deps.clinic.location.country)
    if ref is None:
        raise NotFound("No client has this id.")
    return ref


def _said(said: Said) -> dict[str, Any]:
    return {
        "by": said.by,
        "who": said.who,
        "at": said.at.isoformat(),
        "accepted_by": said.accepted_by,
    }


def _treatment(fact: TreatmentFact) -> dict[str, Any]:
    return {
        "ref": fact.ref,
        "treatment": fact.treatment,
        "on": fact.on,
        "started_on": fact.started_on,
        "ended_on": fact.ended_on,
        "ongoing": fact.ongoing,
        "note": fact.note,
        "replaces": fact.replaces,
        "withdrawn": fact.withdrawn,
        **_said(fact.said),
    }


def _condition(fact: ConditionFact) -> dict[str, Any]:
    return {
        "ref": fact.ref,
        "code": fact.code,
        "present": fact.present,
        "cleared_by": fact.cleared_by,
        "cleared_reason": fact.cleared_reason,
        "cleared_until": fact.cleared_until,
        "replaces": fact.replaces,
        "withdrawn": fact.withdrawn,
        **_said(fact.said),
    }


def _screening(fact: Screening) -> dict[str, Any]:
    return {"ref": fact.ref, "on": fact.on, "withdrawn": fact.withdrawn, **_said(fact.said)}


def _override(given: Override) -> dict[str, Any]:
    return {
        "appointment": given.appointment,
        "finding": given.finding,
        "reason": given.reason,
        "comment": given.comment,
        "by": given.by,
    }


def _appointment(deps: Deps, held: Appointment, verdicts: Mapping[str, HeldVerdict]) -> dict[str, Any]:
    known = verdicts.get(held.ref)
    told: dict[str, Any] = {
        "ref": held.ref,
        "treatments": list(held.treatments),
        "start": held.start.isoformat(),
        "end": held.end.isoformat(),
        "zone": held.zone,
        "status": held.status,
        "booked_at": None if held.booked_at is None else held.booked_at.isoformat(),
        "verdict": None,
    }
    if known is not None:
        answer = deps.checker.answer(held.ref, known.verdict)
        for finding, said in zip(known.verdict.findings, answer["findings"], strict=True):
            said |= {"key": finding.key, "overridden": finding.overridden, "approved": finding.approved}
        del answer["id"]
        told["verdict"] = answer | {"judged_at": known.judged_at.isoformat(), "rules": known.rulebook}
    return told
