"""One client through the API: the story with its verdicts, and recording what is known."""

import msgspec
from flask import Blueprint, Response, request

from scheduler_app.errors import Invalid, NotFound
from scheduler_app.ports import Transaction
from scheduler_app.web.access import caller
from scheduler_app.web.api_json import read_json, told
from scheduler_app.web.api_shapes import ANY_FACT, FactIn
from scheduler_app.web.api_story import client_ref, story
from scheduler_app.web.deps import Deps
from scheduler_app.web.through import story_through

_FACTS = msgspec.json.Decoder(ANY_FACT)


def api_clients(deps: Deps) -> Blueprint:
    """GET /api/v1/clients/<id>, POST /api/v1/clients/<id>/facts. Both want the scope `record`."""
    blueprint = Blueprint("clients", __name__)

    @blueprint.get("/api/v1/clients/<ident>")
    def known(ident: str) -> Response:
        caller(request, deps.access, deps.keys.find, "record")
        return told(story(deps, ident))

    @blueprint.post("/api/v1/clients/<ident>/facts")
    def tell(ident: str) -> Response:
        caller(request, deps.access, deps.keys.find, "record")
        fact: FactIn = read_json(request, _FACTS)
        with deps.store.reading() as held:
            client = client_ref(deps, held, ident)
            _require_own(held, client, fact)
        ref = _kept(deps, client, fact)
        story_through(deps, client)
        return told({"ref": ref, "client": story(deps, client)}, 201)

    return blueprint


def _kept(deps: Deps, client: str, fact: FactIn) -> str:
    """Have it recorded; faults are told by the body's own fields. Raises Invalid, NotFound."""
    try:
        return fact.keep(deps.flow, client)
    except Invalid as fault:
        path = fault.path and fault.path.removeprefix("fact.")
        raise Invalid(fault.code, fault.message.replace("fact.", ""), path) from None


def _require_own(held: Transaction, client: str, fact: FactIn) -> None:
    """Raise NotFound for a record or an appointment of somebody else."""
    ref, appointment = fact.concerns
    if appointment is not None:
        visit = held.appointments.get(appointment)
        if visit is None or visit.client != client:
            raise NotFound("No appointment of this client has this ref.")
    if ref is not None:
        records = held.records
        own = (records.treatments(client), records.conditions(client), records.screenings(client))
        if not any(each.ref == ref for kind in own for each in kind):
            raise NotFound("No record of this client has this ref.")
