"""Calendly over real HTTP on this machine: its headers, errors and limits around an account."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.integrations.calendly.account import Account, refusal

KEY = "a-token-of-the-tests"
BUSY = "Too many requests"
Fault = tuple[str, int | str, int | None]


class Calendly:
    """An account and how the next requests are answered. faults: method ("" for any), then a status, or
    `before` or `after` for an answer that is lost, and what Retry-After says. open: whether the key opens."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.faults: list[Fault] = []
        self.open = True

    def next_fault(self, method: str) -> Fault | None:
        for fault in self.faults:
            if fault[0] in ("", method):
                self.faults.remove(fault)
                return fault
        return None


@contextmanager
def serving(calendly: Calendly) -> Iterator[str]:
    """Its address on this machine, as `endpoint` would be."""

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else each answer waits 40 ms for its second half

        def do_GET(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            fault = calendly.next_fault(self.command)
            if fault and fault[1] == "before":
                self.close_connection = True
                return
            if fault and isinstance(fault[1], int):
                return self._say(fault[1], refusal(fault[1], "Error", BUSY)[1], fault[2])
            if not calendly.open or self.headers.get("Authorization") != f"Bearer {KEY}":
                return self._say(*refusal(401, "Unauthenticated", "The access token is invalid"))
            place = urlsplit(self.path)
            query = dict(parse_qsl(place.query, keep_blank_values=True))
            kind = self.headers.get("Content-Type", "")
            status, content = calendly.account.answer(self.command, place.path, query, raw, kind)
            if fault:
                self.close_connection = True
                return
            self._say(status, content)

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

        def _say(self, status: int, content: Any, wait: int | None = None) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-RateLimit-Limit", "500")
            if wait is not None:
                self.send_header("Retry-After", str(wait))
                self.send_header("X-RateLimit-Reset", str(wait))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
