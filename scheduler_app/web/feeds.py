"""GET /feeds/<token>.ics: stored bytes, answered in front of Flask by plain WSGI.

What programs do with an answer decides it: a 5xx, a 401 or a 429 switches Thunderbird's subscription off
until it is restarted, an empty 200 or a page of HTML deletes every entry in Thunderbird and Evolution. So
nothing here fails: while the database is away the last good bytes are served, a 404 where there are none
(entries stay and polling goes on), and 410 only for a link that was revoked.
"""

import json
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from scheduler_app.domain.entries import FeedBytes
from scheduler_app.domain.tokens import stored_form, well_formed
from scheduler_app.errors import Unavailable
from scheduler_app.ports import FeedShelf

log = logging.getLogger(__name__)

PREFIX, SUFFIX = "/feeds/", ".ics"
Headers = list[tuple[str, str]]
_LONGEST = 400  # characters of a header that are looked at; what is longer no calendar program sends
_PRIVATE: Headers = [
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex"),
    ("X-Content-Type-Options", "nosniff"),
]
_DETAILS = {
    404: "There is no calendar at this address. Ask the clinic for your link.",
    405: "A calendar can only be read: use GET or HEAD.",
    410: "This link was withdrawn. Ask the clinic for a new one.",
}


def with_feeds(
    inner: WSGIApplication, shelf: FeedShelf, counted: Callable[[int], None] | None = None
) -> WSGIApplication:
    """The app with the feeds in front of it. counted: told the status of every poll, and nothing else.

    Neither this nor what it calls ever logs a path: the token in it is the key to somebody's health.
    """

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        if not (path.startswith(PREFIX) and path.endswith(SUFFIX)):
            return inner(environ, start_response)
        method: str = environ["REQUEST_METHOD"]
        try:
            status, headers, body = _answer(shelf, method, path[len(PREFIX) : -len(SUFFIX)], environ)
        except Exception as fault:  # noqa: BLE001 - a 5xx would switch subscriptions off
            log.error("a feed could not be answered: %s", type(fault).__name__)
            status, headers, body = _problem(404)
        if counted is not None:
            counted(status)
        start_response(_line(status), list(headers))  # a copy: servers may add to it, and ours are kept
        return [] if method == "HEAD" or not body else [body]

    return app


def _answer(
    shelf: FeedShelf, method: str, token: str, environ: WSGIEnvironment
) -> tuple[int, Headers, bytes]:
    if method not in ("GET", "HEAD"):
        return _problem(405)
    if not well_formed(token):
        return _problem(404)
    try:
        found = shelf.find(stored_form(token))
    except Unavailable as fault:
        log.warning("a feed could not be looked up: %s", fault)
        return _problem(404)
    if found is None or not (found.revoked or found.body):
        return _problem(404)
    if found.revoked:
        return _problem(410)
    zipped = _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
    if _unchanged(found, environ):
        return 304, _headers(found.etag, found.changed_at, zipped), b""
    body = found.zipped if zipped else found.body
    return 200, _headers_with_body(found.etag, found.changed_at, zipped, len(body)), body


def _unchanged(found: FeedBytes, environ: WSGIEnvironment) -> bool:
    """RFC 9110, 13.2.2: If-Modified-Since is asked only where there is no If-None-Match."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return _names(tags, found.etag)
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    return since is not None and int(found.changed_at.timestamp()) <= _seconds(since)


def _names(tags: str, etag: str) -> bool:
    """Whether a list of entity tags names ours: weakened, quoted or not, with a proxy's suffix or without."""
    if tags == etag:
        return True
    stem = etag.strip('"')
    listed = (tag.strip().removeprefix("W/").strip('"') for tag in tags[: 10 * _LONGEST].split(","))
    return any(tag == "*" or tag.startswith(stem) for tag in listed)


@lru_cache(maxsize=1024)
def _seconds(date: str) -> float:
    """Seconds since 1970 of an HTTP date; before every change there was for what is none."""
    try:
        moment = parsedate_to_datetime(date[:_LONGEST])
    except (ValueError, TypeError, OverflowError):
        return float("-inf")
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


@lru_cache(maxsize=1024)
def _takes_gzip(accepted: str) -> bool:
    """RFC 9110, 12.5.3. Bytes as they are suit everybody, so gzip is sent only where it was asked for."""
    weights = {}
    for part in accepted[:_LONGEST].lower().split(","):
        coding, _, parameter = part.partition(";")
        weights[coding.strip()] = _weight(parameter)
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0.0


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


@lru_cache(maxsize=4096)
def _headers(etag: str, changed_at: datetime, zipped: bool) -> Headers:
    """What 200 and 304 have in common. A strong tag names bytes, so the zipped ones have their own."""
    return [
        ("ETag", f'{etag[:-1]}-gzip"' if zipped else etag),
        ("Last-Modified", format_datetime(changed_at.astimezone(UTC), usegmt=True)),
        ("Cache-Control", "private, no-cache"),
        ("Vary", "Accept-Encoding"),
        *_PRIVATE,
    ]


@lru_cache(maxsize=4096)
def _headers_with_body(etag: str, changed_at: datetime, zipped: bool, length: int) -> Headers:
    return [
        ("Content-Type", "text/calendar; charset=utf-8"),
        ("Content-Disposition", 'inline; filename="calendar.ics"'),
        ("Content-Length", str(length)),
        *([("Content-Encoding", "gzip")] if zipped else []),
        *_headers(etag, changed_at, zipped),
    ]


@lru_cache(maxsize=8)
def _problem(status: int) -> tuple[int, Headers, bytes]:
    """A problem detail (RFC 9457): the same for every token, so that nothing is learnt from it."""
    told: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": _DETAILS[status],
    }
    body = (json.dumps(told) + "\n").encode()
    headers = [
        ("Content-Type", "application/problem+json"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        *([("Allow", "GET, HEAD")] if status == 405 else []),
        *_PRIVATE,
    ]
    return status, headers, body


@lru_cache(maxsize=16)
def _line(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"
