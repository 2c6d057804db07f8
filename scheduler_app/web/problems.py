"""Failures as people and programs read them: problem details (RFC 9457), or a plain page at the desk.

`type` is about:blank and `title` the HTTP phrase, as RFC 9457 section 4.2.1 has it; the stable word
for programs stands in `code`, and the fields at fault in `errors`.
"""

import json
import logging
import traceback
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from scheduler_app.errors import Conflict, Denied, Invalid, NotFound, SchedulerError, Unavailable, Unsafe
from scheduler_app.web.counters import Counters

log = logging.getLogger(__name__)

RETRY_AFTER = 5.0
UNREADABLE = "json-unreadable"
_UNFORESEEN = "Something failed here, not in your request. It was logged; trying again may help."
PLAIN_WORDS = {
    404: "Nothing is here. Check the address.",
    405: "This address does not take that method.",
    413: "The body is too large; at most 256 KiB are read.",
    415: "The body must be sent as application/json.",
}


def problem(
    status: int,
    detail: str,
    code: str = "",
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, object] | None = None,
) -> Response:
    """One problem detail. errors: one {code, detail, path} for each field at fault; more: extensions."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if code:
        body["code"] = code
    if errors:
        body["errors"] = list(errors)
    body.update(more or {})
    answer = Response(
        json.dumps(body, ensure_ascii=False) + "\n", status, content_type="application/problem+json"
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers.update(headers or {})
    return answer


def invalid(fault: Invalid, status: int = 422, more: Mapping[str, object] | None = None) -> Response:
    """Somebody's input cannot be used: what is wrong, where, and the cure."""
    error = {"code": fault.code, "detail": fault.message}
    if fault.path is not None:
        error["path"] = fault.path
    return problem(status, fault.message, fault.code, [error], more=more)


def unavailable(fault: Unavailable) -> Response:
    """Not now; trying again can help, and Retry-After says when."""
    wait = max(1, round(fault.retry_in or RETRY_AFTER))
    return problem(
        503,
        "This cannot be kept or read just now. Try again shortly.",
        "unavailable",
        headers={"Retry-After": str(wait)},
    )


def status_of(fault: SchedulerError) -> int:
    """The HTTP status for a failure we raise on purpose."""
    for kind, status in (
        (Invalid, 422),
        (NotFound, 404),
        (Denied, 403),
        (Conflict, 409),
        (Unsafe, 409),
        (Unavailable, 503),
    ):
        if isinstance(fault, kind):
            return status
    return 500


def register(app: Flask, counters: Counters) -> None:
    """Answer every failure in our own words; no traceback ever leaves the process."""

    def http_fault(fault: HTTPException) -> Response | HTTPException:
        status = fault.code or 500
        if status < 400:  # a redirect is no failure
            return fault
        answer = _answer(status, PLAIN_WORDS.get(status) or fault.description or "")
        for name, value in fault.get_headers(request.environ):
            if name in {"Allow", "Retry-After", "WWW-Authenticate"}:
                answer.headers[name] = value
        return answer

    def own_fault(fault: SchedulerError) -> Response:
        if isinstance(fault, Invalid) and not _at_the_desk():
            return invalid(fault, 400 if fault.code == UNREADABLE else 422)
        if isinstance(fault, Unavailable) and not _at_the_desk():
            return unavailable(fault)
        return _answer(status_of(fault), str(fault))

    def unforeseen(fault: Exception) -> Response:
        _log_without_words(fault)
        counters.add("scheduler_failures_total", route=request.endpoint or "none")
        return _answer(500, _UNFORESEEN)

    app.register_error_handler(HTTPException, http_fault)
    app.register_error_handler(SchedulerError, own_fault)
    app.register_error_handler(Exception, unforeseen)


def _at_the_desk() -> bool:
    return request.path.startswith("/desk")


def _answer(status: int, detail: str) -> Response:
    if not _at_the_desk():
        return problem(status, detail)
    page = render_template("problem.html", phrase=HTTPStatus(status).phrase, detail=detail, status=status)
    return Response(page, status, content_type="text/html; charset=utf-8")


def _log_without_words(fault: Exception) -> None:
    """The kind and the place only: a database's message may carry the row, and with it a name."""
    place = " < ".join(
        f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(fault.__traceback__)[:-6:-1]
    )
    log.error("unforeseen %s at %s in %s", type(fault).__name__, request.endpoint, place)
