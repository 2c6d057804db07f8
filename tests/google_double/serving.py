"""The double as a server on this machine."""

import io
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.google_double.answering import Answering
from tests.google_double.discovery import methods

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing: requests are in the double's own log."""


def mounted(answering: Answering) -> Flask:
    """Every path and method of the discovery document."""
    app = Flask(__name__, static_folder=None)
    for method in methods():
        path = method.path.replace("{", "<").replace("}", ">")
        app.add_url_rule(
            f"/calendar/v3/{path}", method.id, answering.view(method), methods=[method.http],
            provide_automatic_options=False,
        )  # fmt: skip
    app.register_error_handler(Exception, answering.broken)
    return app


def overridden(app: "WSGIApplication") -> "WSGIApplication":
    """A GET whose address is too long comes as a POST with its query as the body."""

    def inner(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if environ.get("HTTP_X_HTTP_METHOD_OVERRIDE") == "GET":
            query = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ |= {
                "REQUEST_METHOD": "GET",
                "QUERY_STRING": query.decode(),
                "CONTENT_LENGTH": "0",
                "wsgi.input": io.BytesIO(),
            }
        return app(environ, start)

    return inner


class Server:
    """It listens from `start` to `stop`, a thread for every connection."""

    def __init__(self, app: "WSGIApplication", port: int) -> None:
        self._server = make_server("127.0.0.1", port, overridden(app), threaded=True, request_handler=_Quiet)
        self.port: int = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True, name="google-double"
        )

    def start(self) -> None:
        """Listen."""
        self._thread.start()

    def stop(self) -> None:
        """No more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
