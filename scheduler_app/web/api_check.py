"""POST /api/v1/check: the object of `scheduler check`, over HTTP. Nothing is stored."""

from typing import Any, cast

import msgspec
from flask import Blueprint, Request, Response, request

from scheduler_app.domain.story import Story
from scheduler_app.errors import Invalid
from scheduler_app.flow.check import error_answer
from scheduler_app.web.access import caller
from scheduler_app.web.api_json import keys_once
from scheduler_app.web.bodies import require_json, whole_body
from scheduler_app.web.deps import Deps
from scheduler_app.web.problems import UNREADABLE, invalid
from scheduler_app.web.stories import stored_story

_encode = msgspec.json.Encoder().encode


def api_check(deps: Deps) -> Blueprint:
    """The route of checks."""
    blueprint = Blueprint("check", __name__)

    @blueprint.post("/api/v1/check")
    def check() -> Response:
        # The request itself, not Flask's stand-in, which looks it up anew at every touch.
        asked: Request = cast(Any, request)._get_current_object()
        asking = caller(asked, deps.access, deps.keys.find, "check")
        require_json(asked)
        raw = whole_body(asked)
        try:
            keys_once(raw)
            answer = _answer(deps, raw, may_name="record" in asking.scopes)
        except Invalid as fault:
            status = 400 if fault.code == UNREADABLE else 422
            refused = invalid(fault, status, {"id": error_answer(raw, fault)["id"]})
            return _counted(deps, refused)
        return _counted(deps, Response(_encode(answer), content_type="application/json"))

    return blueprint


def _answer(deps: Deps, raw: bytes, may_name: bool) -> dict[str, object]:
    """What a client's stored story holds is named only for keys that may read stories."""
    looked_up = False

    def stored(client: dict[str, str], today: int) -> Story | None:
        nonlocal looked_up
        looked_up = True
        return stored_story(deps.flow, client, today)

    answer = deps.checker.check(raw, stored)
    if looked_up and not may_name:
        return deps.checker.check(raw, stored, name_others=False)
    return answer


def _counted(deps: Deps, answer: Response) -> Response:
    deps.counters.add("scheduler_checks_total", status=str(answer.status_code))
    return answer
