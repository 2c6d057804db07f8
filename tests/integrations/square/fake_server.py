"""Square over real HTTP on this machine: who may enter, with which headers, and what breaks on the way."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.integrations.square.fake_seller import Answered, Fault, Square, refusal

VERSION = "2025-07-16"
TOKEN = "EAAA-a-token-of-the-tests"


class Answer(BaseHTTPRequestHandler):
    """One connection to the seller behind it."""

    square: Square
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body at once: nobody waits for an acknowledgement between them

    def do_GET(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        fault = _next_fault(self.square, self.command, self.path)
        if fault and fault[1] == "before":
            self.close_connection = True
            return
        if fault and isinstance(fault[1], int):
            self._say(refusal(fault[1], "INTERNAL_SERVER_ERROR", "API_ERROR"), fault[2])
            return
        answer = self._refused(raw) or self._answered(raw)
        if fault and fault[1] == "after":
            self.close_connection = True
            return
        self._say(answer, None)

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

    def _refused(self, raw: bytes) -> Answered | None:
        if not self.square.open or self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return refusal(401, "UNAUTHORIZED", "AUTHENTICATION_ERROR")
        if self.headers.get("Square-Version") != VERSION:
            return refusal(400, "INVALID_SQUARE_VERSION_FORMAT")
        if raw and self.headers.get("Content-Type") != "application/json":
            return refusal(415, "UNSUPPORTED_MEDIA_TYPE")
        return None

    def _answered(self, raw: bytes) -> Answered:
        place = urlsplit(self.path)
        query = dict(parse_qsl(place.query, keep_blank_values=True))
        try:
            body = json.loads(raw) if raw else None
        except ValueError:
            return refusal(400, "EXPECTED_JSON_BODY")
        return self.square.answer(self.command, place.path, query, body)

    def _say(self, answer: Answered, wait: int | None) -> None:
        status, content = answer
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if wait is not None:
            self.send_header("Retry-After", str(wait))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        return


@contextmanager
def serving(square: Square) -> Iterator[str]:
    """The seller behind an address of this machine, as `endpoint` would be."""
    answer = type("AnswerFor", (Answer,), {"square": square})
    with ThreadingHTTPServer(("127.0.0.1", 0), answer) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _next_fault(square: Square, method: str, path: str) -> Fault | None:
    for fault in square.faults:
        if fault[0] in f"{method} {path}":
            square.faults.remove(fault)
            return fault
    return None
