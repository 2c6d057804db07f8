"""Real servers on this machine, that answer as badly as a test wants."""

import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from integrations.http_client import fetch

SECRET = "private-5ecret"

Answering = Callable[[BaseHTTPRequestHandler], None]


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that turn away are what these tests are about."""


@contextmanager
def listening(
    answer: type[BaseHTTPRequestHandler],
    kind: type[ThreadingHTTPServer] = ThreadingHTTPServer,
    tls: ssl.SSLContext | None = None,
) -> Iterator[int]:
    """A server on this machine, in a thread of its own, that answers so; its port."""
    with kind(("127.0.0.1", 0), answer) as server:
        server.daemon_threads = True
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def serving(
    answer: Answering, tls: ssl.SSLContext | None = None, methods: Sequence[str] = ("GET",)
) -> Iterator[str]:
    """A server on this machine that knows these methods; its address up to the path."""

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer(self)

        def log_message(self, format: str, *args: object) -> None:
            return

    for method in methods:
        setattr(Answer, f"do_{method}", Answer.do_GET)
    with listening(Answer, _Quiet, tls) as port:
        yield f"{'http' if tls is None else 'https'}://localhost:{port}"


def says(body: bytes, status: int = 200, **headers: str) -> Answering:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def writes(raw: bytes) -> Answering:
    """Bytes straight onto the wire, and the end of the connection."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(raw)
        request.close_connection = True

    return answer


def redirecting(*places: str, status: int = 302) -> Answering:
    """/0 leads to the first place, /1 to the second, and so on; anything else answers."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        step = request.path.partition("?")[0].strip("/")
        if step.isdigit() and int(step) < len(places):
            says(b"", status, Location=places[int(step)])(request)
        else:
            says(request.path.encode())(request)

    return answer


def body_of(url: str, **settings: Any) -> bytes:
    with fetch(url, **settings) as body:
        return body.read()
