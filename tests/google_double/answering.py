"""One HTTP request through every check: token, scope, parameters, body, faults, verb, answer."""

import functools
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from flask import Response, request
from werkzeug.exceptions import HTTPException

from tests.google_double.accounts import Account
from tests.google_double.calls import Answer, Call, Quirks, Verb
from tests.google_double.counting import Log
from tests.google_double.discovery import Given, Method, document, parameters
from tests.google_double.failing import Dropped, Faults
from tests.google_double.partial import Mask, known, mask, part
from tests.google_double.refusals import Json, Refused
from tests.google_double.schemas import check_body, faults
from tests.google_double.state import State, decode, encode

_JSON = "application/json; charset=UTF-8"


@dataclass(slots=True)
class Answering:
    """What a request meets."""

    state: State
    quirks: Quirks
    log: Log
    faults: Faults
    verbs: dict[str, Verb]
    own_faults: list[str] = field(default_factory=list)

    def view(self, method: Method) -> Callable[..., Response]:
        """The function behind one path."""
        return functools.partial(self._answer, method)

    def _answer(self, method: Method, **path: str) -> Response:
        request.get_data()  # a body left unread would break the connection
        who, response = "", None
        afterwards: list[Callable[[], None]] = []
        try:
            account = self._account(method)
            who = account.name
            response, reason = self._said(method, self._done(method, path, account, afterwards)), ""
        except Refused as refused:
            response = Response(encode(refused.body()), refused.status, content_type=_JSON)
            reason = refused.reason
        except Dropped:
            response, reason = None, "dropped"
        status = response.status_code if response is not None else 0
        self.log.add(method.id, who, path.get("calendarId", ""), status, reason)
        response = response if response is not None else hung_up()
        for step in afterwards:
            response.call_on_close(step)
        return response

    def broken(self, fault: Exception) -> Response:
        """What the double did not expect of itself is loud; a path that is none is 404."""
        if isinstance(fault, HTTPException):
            refused = Refused(fault.code or 500, "notFound", f"{request.method} {request.path}: no such path")
        else:
            self.own_faults.append(f"{request.method} {request.endpoint}: {fault!r}")
            refused = Refused(500, "doubleIsWrong", repr(fault))
        return Response(encode(refused.body()), refused.status, content_type=_JSON)

    def _account(self, method: Method) -> Account:
        grant = self.state.accounts.bearer(request.headers.get("Authorization", ""), self.state.clock.now)
        if grant.scopes is not None and not grant.scopes & method.scopes:
            raise Refused(403, "insufficientPermissions")
        return grant.account

    def _done(
        self, method: Method, path: dict[str, str], account: Account, afterwards: list[Callable[[], None]]
    ) -> Answer:
        calendar = path.get("calendarId", "")
        self.log.limited(account.name, self.state.clock.now, self.quirks.per_minute)
        self.faults.strike(method.id, calendar, account.name, "before")
        verb = self.verbs.get(method.id)
        if verb is None:
            raise Refused(501, "notImplemented", f"calendar.{method.id} is not implemented by the double")
        given = parameters(method, list(request.args.items(multi=True)))
        call = Call(
            self.state, self.quirks, method, path, given, _body(method), account, dict(request.headers),
            afterwards=afterwards,
        )  # fmt: skip
        wanted = _wanted(method, given)
        with self.state.lock:
            answer = verb(call)
        self.faults.strike(method.id, calendar, account.name, "after")
        if wanted is not None and answer.body is not None:
            body = decode(answer.body) if isinstance(answer.body, bytes) else answer.body
            self._check(method, body)
            return Answer(part(body, wanted), answer.status, None)
        return answer

    def _said(self, method: Method, answer: Answer) -> Response:
        raw = answer.body if isinstance(answer.body, bytes) else None
        if answer.body is not None and self.quirks.check_responses:
            self._check(method, decode(raw) if raw is not None else answer.body)
        if raw is None:
            raw = b"" if answer.body is None else encode(answer.body)
        response = Response(raw, answer.status, content_type=_JSON)
        if answer.etag is not None:
            response.headers["ETag"] = answer.etag
        return response

    def _check(self, method: Method, body: Any) -> None:
        if method.response is None or not self.quirks.check_responses:
            return
        found = faults({"$ref": method.response}, body, method.response)
        if found:
            self.own_faults += [f"{method.id}: {fault}" for fault in found]
            raise Refused(500, "doubleIsWrong", "; ".join(found))


def _wanted(method: Method, given: Given) -> Mask | None:
    if "fields" not in given or method.response is None:
        return None
    wanted = mask(given["fields"])
    known(wanted, document()["schemas"][method.response]["properties"])
    return wanted


def _body(method: Method) -> Json:
    raw = request.get_data()
    if method.request is None:
        if raw.strip() not in (b"", b"{}"):
            raise Refused(400, "parseError", f"{method.id} takes no body")
        return {}
    try:
        read = msgspec.json.decode(raw or b"{}")
    except msgspec.DecodeError:
        raise Refused(400, "parseError", "Parse Error") from None
    return check_body(method.request, read, nulls=method.http in ("PATCH", "PUT", "POST"))


def hung_up() -> Response:
    """Close the connection in the middle: the client gets no answer."""
    line: socket.socket = request.environ["werkzeug.socket"]
    line.shutdown(socket.SHUT_RDWR)
    return Response(b"")
