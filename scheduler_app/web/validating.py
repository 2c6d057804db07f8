"""Platforms that ask before they book: answered from what we hold, in the platform's own form.

Nothing is stored. Whoever waits here is a client on a booking page: where we cannot look, the clinic has
said beforehand what the page is told.
"""

import logging

from flask import Blueprint, Response, request

from scheduler_app.errors import Invalid, NotFound
from scheduler_app.flow.platforms.preventing import answer, when_down
from scheduler_app.ports import PreventingPlatform
from scheduler_app.web.bodies import require_type, whole_body
from scheduler_app.web.deps import Deps
from scheduler_app.web.hooks import UNACCEPTABLE, headers_of, unacceptable

log = logging.getLogger(__name__)

COUNTED = "scheduler_validations_total"


def validating(deps: Deps) -> Blueprint:
    """POST /hooks/<source>/validate, with /<secret> for platforms that cannot sign."""
    blueprint = Blueprint("validating", __name__)
    asking = {
        name: platform
        for name, platform in deps.flow.platforms.items()
        if isinstance(platform, PreventingPlatform)
    }

    @blueprint.post("/hooks/<source>/validate")
    @blueprint.post("/hooks/<source>/validate/<secret>")
    def validate(source: str, secret: str = "") -> Response:
        platform = asking.get(source)
        if platform is None or platform.secret_in_path != bool(secret):
            deps.counters.add(COUNTED, source="unknown", outcome="refused")
            raise NotFound("No platform that asks before it books goes by this name here.")
        told, outcome = _told(deps, platform, secret)
        deps.counters.add(COUNTED, source=source, outcome=outcome)
        return told

    return blueprint


def _told(deps: Deps, platform: PreventingPlatform, secret: str) -> tuple[Response, str]:
    try:
        require_type(request, platform.content_type)
        asked = platform.asked(headers_of(request.environ), whole_body(request), deps.clock(), secret)
    except UNACCEPTABLE as fault:
        if isinstance(fault, Invalid) and fault.path is not None:  # a question, though not a whole one
            log.warning("a question of %s cannot be read: %s", platform.name, fault.code)
            return _in_its_form(platform, when_down(deps.flow, platform.name)), "unreadable"
        return unacceptable(fault, platform.content_type)
    try:
        answered = answer(deps.flow, platform.name, asked)
        refusal, outcome = answered.refusal, answered.outcome.word
    except Exception as fault:  # noqa: BLE001 - whatever it is, the booking page wants its answer
        log.error("a question of %s could not be answered: %s", platform.name, type(fault).__name__)
        refusal, outcome = when_down(deps.flow, platform.name), "unavailable"
    return _in_its_form(platform, refusal), outcome


def _in_its_form(platform: PreventingPlatform, refusal: str | None) -> Response:
    body, content_type = platform.answer(refusal)
    response = Response(body, content_type=content_type)
    response.headers["Cache-Control"] = "no-store"
    return response
