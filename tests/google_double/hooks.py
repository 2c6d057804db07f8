"""A small server that takes notices, for the double's own tests."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(slots=True)
class Hook:
    """What arrived: the headers of each notice; `answers` are the next statuses, then 204."""

    address: str = ""
    arrived: list[dict[str, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    came: threading.Event = field(default_factory=threading.Event)

    def numbers(self) -> list[int]:
        """The message numbers, in order of arrival."""
        return [int(each["X-Goog-Message-Number"]) for each in self.arrived]

    def states(self) -> list[str]:
        """What each message said."""
        return [each["X-Goog-Resource-State"] for each in self.arrived]


@contextmanager
def hook() -> Iterator[Hook]:
    """Listening on this machine."""
    kept = Hook()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            kept.arrived.append(dict(self.headers) | {"body": str(len(self.rfile.read(0)))})
            self.send_response(kept.answers.pop(0) if kept.answers else 204)
            self.end_headers()
            kept.came.set()

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        kept.address = f"http://127.0.0.1:{server.server_port}/hooks/google"
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join()
