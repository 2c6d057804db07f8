"""A vendor's API over real HTTP on this machine, and what goes wrong on the way there and back.

What a vendor knows and answers, who may enter and how it words its errors is each fake's own; taking
requests, breaking connections and keeping account of what is to fail is here.
"""

import json
import socket
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from tests.integrations.serving import listening

JSON = "application/json"
Answered = tuple[int, Any]
Fault = tuple[str, int | str, int | None]


class Asked(NamedTuple):
    """One request as it came; the names of headers in small letters."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """What the body is said to be."""
        return self.headers.get("content-type", "")


def asked_of(request: BaseHTTPRequestHandler) -> Asked:
    """Take a request from the wire."""
    place = urlsplit(request.path)
    query = dict(parse_qsl(place.query, keep_blank_values=True))
    headers = {name.lower(): value for name, value in request.headers.items()}
    body = request.rfile.read(int(headers.get("content-length", "0")))
    return Asked(request.command, place.path, query, headers, body)


def say_json(request: BaseHTTPRequestHandler, status: int, content: Any, headers: Mapping[str, str]) -> None:
    """Answer with a value, or with bytes as they are."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    request.send_response(status)
    for name, value in {"Content-Type": JSON, "Content-Length": str(len(body)), **headers}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


def break_off(request: BaseHTTPRequestHandler, reset: bool) -> None:
    """Nothing comes any more."""
    request.close_connection = True
    if reset:
        request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Vendor:
    """What stands behind the address; a fake says who is `refused`, what is `answered`, how it is `failing`.

    faults, each for one request: a part of "METHOD /path" ("" for any); a status that is answered while
    nothing is done, or `before` or `after` for a connection that ends before or after the deed; what
    Retry-After says. open: whether the key opens. root: what its addresses begin with. resets: whether a
    connection is torn down, and not ended in good order.
    """

    root: ClassVar[str] = ""
    resets: ClassVar[bool] = False

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.open = True

    def refused(self, asked: Asked) -> Answered | None:
        """What somebody who may not enter is answered."""
        raise NotImplementedError

    def answered(self, asked: Asked) -> Answered:
        """What somebody who may enter is answered."""
        raise NotImplementedError

    def failing(self, status: int) -> Any:
        """What is said with the status of a fault."""
        raise NotImplementedError

    def headers(self, wait: int | None) -> dict[str, str]:
        """What every answer has besides."""
        return {} if wait is None else {"Retry-After": str(wait)}

    def date(self) -> str | None:
        """What the header Date says, if not the time it is."""
        return None

    def respond(self, asked: Asked) -> tuple[int, Any, int | None] | None:
        """Status, content and Retry-After; None for a connection that is broken off."""
        fault = self._next_fault(asked)
        match fault:
            case (_, "before", _):
                return None
            case (_, int(status), wait):
                return status, self.failing(status), wait
        status, content = self.refused(asked) or self.answered(asked)
        return None if fault else (status, content, None)

    def _next_fault(self, asked: Asked) -> Fault | None:
        for fault in self.faults:
            if fault[0] in f"{asked.method} {asked.path}":
                self.faults.remove(fault)
                return fault
        return None


class AtVendor:
    """The half of Outside that is the same at every vendor: what goes wrong there."""

    def __init__(self, there: Vendor) -> None:
        self._there = there

    def answer_next(self, status: int, retry_after: int | None = None) -> None:
        self._there.faults.append(("", status, retry_after))

    def lose_next_answer(self) -> None:
        self._there.faults.append(("", "after", None))

    def close_door(self) -> None:
        self._there.open = False


def http_date(moment: datetime) -> str:
    """As the header Date says it."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


@contextmanager
def serving_vendor(vendor: Vendor) -> Iterator[str]:
    """The vendor behind an address of this machine, as `endpoint` would be."""

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body at once: nobody waits 40 ms for an acknowledgement between them

        def do_GET(self) -> None:
            answer = vendor.respond(asked_of(self))
            if answer is None:
                break_off(self, vendor.resets)
                return
            status, content, wait = answer
            say_json(self, status, content, vendor.headers(wait))

        do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815 - as the standard library looks for them

        def date_time_string(self, timestamp: float | None = None) -> str:
            told = vendor.date()
            return super().date_time_string(timestamp) if told is None else told

        def log_message(self, format: str, *args: object) -> None:
            return

    with listening(Answer) as port:
        yield f"http://127.0.0.1:{port}{vendor.root}"
