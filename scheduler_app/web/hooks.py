"""Webhooks in: verified, put on disk, answered. What they mean is found out behind the page.

The raw bytes are taken before anything parses them, because the signature covers them; 2xx is said
only once the inbox has them for good. Status codes follow Standard Webhooks 1.0.0: 2xx done, 4xx ours
to refuse, 5xx only where a retry can help.
"""

import logging
from wsgiref.types import WSGIEnvironment

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from scheduler_app.errors import Denied, Invalid, NotFound, Unavailable
from scheduler_app.flow.receive import receive as take_in
from scheduler_app.ports import Receiver
from scheduler_app.web.bodies import require_type, whole_body
from scheduler_app.web.deps import Deps
from scheduler_app.web.problems import PLAIN_WORDS, problem, unavailable

log = logging.getLogger(__name__)

UNACCEPTABLE = (UnsupportedMediaType, RequestEntityTooLarge, Denied, Invalid)


def hooks(deps: Deps) -> Blueprint:
    """POST /hooks/<source>, and /hooks/<source>/<secret> for senders that cannot sign."""
    blueprint = Blueprint("hooks", __name__)
    sources = deps.sources

    @blueprint.post("/hooks/<source>")
    @blueprint.post("/hooks/<source>/<secret>")
    def receive(source: str, secret: str = "") -> Response:
        sender = sources.get(source)
        if sender is None or sender.secret_in_path != bool(secret):
            deps.counters.add("scheduler_deliveries_total", source="unknown", outcome="refused")
            raise NotFound("No sender of webhooks goes by this name here.")
        answer, outcome = _answer(deps, sender, secret)
        deps.counters.add("scheduler_deliveries_total", source=source, outcome=outcome)
        return answer

    return blueprint


def _answer(deps: Deps, sender: Receiver, secret: str) -> tuple[Response, str]:
    try:
        require_type(request, sender.content_type)
        body = whole_body(request)
        new = take_in(sender, deps.inbox, headers_of(request.environ), body, deps.clock(), secret)
    except UNACCEPTABLE as fault:
        return unacceptable(fault, sender.content_type)
    except Unavailable as fault:
        return unavailable(fault), "unavailable"
    if new:
        wake(deps)
    return Response(status=204), "accepted" if new else "duplicate"


def headers_of(environ: WSGIEnvironment) -> dict[str, str]:
    """Their names in lower case, as the senders' schemes write them."""
    return {name[5:].replace("_", "-").lower(): environ[name] for name in environ if name[:5] == "HTTP_"}


def unacceptable(fault: Exception, content_type: str) -> tuple[Response, str]:
    """What a sender is told of an UNACCEPTABLE request, and what it counts as."""
    match fault:
        case UnsupportedMediaType():
            return problem(415, f"The body must be sent as {content_type}."), "refused"
        case Denied():
            return denied(str(fault)), "denied"
        case Invalid():
            return problem(400, fault.message, fault.code), "unreadable"
    return problem(413, PLAIN_WORDS[413]), "refused"


def denied(why: str) -> Response:
    """401 with a challenge."""
    # RFC 9110 section 15.5.2 wants a challenge; no registered scheme speaks of signed bodies
    return problem(401, why, "signature", headers={"WWW-Authenticate": "Webhook-Signature"})


def wake(deps: Deps) -> None:
    """Once a delivery is on disk its sender is told so, whatever becomes of the wake-up: a tick follows."""
    try:
        deps.nudge()
    except Exception as fault:  # noqa: BLE001
        log.warning("a wake-up was lost: %s", type(fault).__name__)
