"""A feed at an address of this machine, as a subscriber finds it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Not into the tests' output."""


@contextmanager
def serving(body: bytes) -> Iterator[str]:
    """An address that answers with these bytes."""

    def app(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/calendar; charset=utf-8")])
        return [body]

    with make_server("127.0.0.1", 0, app, handler_class=_Quiet) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/feed.ics"
        finally:
            server.shutdown()
