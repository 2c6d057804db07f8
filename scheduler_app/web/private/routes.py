"""/my/…: what private links open. Nothing here ever logs an address: the token in it is a secret."""

import logging
import traceback

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import HTTPException

from scheduler_app.errors import Unavailable
from scheduler_app.web.deps import Deps
from scheduler_app.web.private import acts, asking, intake, record
from scheduler_app.web.private.sheets import SHEETS, closed

log = logging.getLogger(__name__)
PREFIX = "/my"


def private(app: Flask, deps: Deps) -> None:
    """Add the routes, and the headers that all answers below /my/ bear, faults included."""
    blueprint = Blueprint("private", __name__, url_prefix=PREFIX)
    for room in (intake, record, acts, asking):
        room.add(blueprint, deps)

    @blueprint.get("/", defaults={"rest": ""})
    @blueprint.get("/<path:rest>")
    def nothing(rest: str) -> Response:  # noqa: ARG001 - whatever it is
        return closed(deps.clinic, "unknown")

    @blueprint.errorhandler(Unavailable)
    def away(_fault: Unavailable) -> Response:
        return closed(deps.clinic, "away")

    @blueprint.errorhandler(HTTPException)
    def refused(fault: HTTPException) -> Response:
        answer = closed(deps.clinic, "unknown")
        answer.status_code = fault.code or 400
        return answer

    @blueprint.errorhandler(Exception)
    def unforeseen(fault: Exception) -> Response:
        place = traceback.extract_tb(fault.__traceback__)[-1]
        log.error("a client's own page: %s at %s:%s", type(fault).__name__, place.name, place.lineno)
        answer = closed(deps.clinic, "away")
        answer.status_code = 500
        return answer

    @app.after_request
    def harden(answer: Response) -> Response:
        if request.path.startswith(f"{PREFIX}/"):
            answer.headers.update(SHEETS.headers())
        return answer

    app.register_blueprint(blueprint)
