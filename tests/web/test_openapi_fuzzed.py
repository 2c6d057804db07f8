"""The whole OpenAPI document, held by schemathesis against the service that serves it, over loopback.

Every operation is asked with its examples, with what lies on and beyond the edges of each schema, and with
what chance makes of it, always the same; all checks of schemathesis are on (see schemathesis.toml).
"""

import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.serving import WSGIRequestHandler, make_server

from scheduler_app.store import SqlFeedShelf
from scheduler_app.web import create_app
from scheduler_app.web.feeds import with_feeds
from scheduler_app.web.openapi import DOCUMENT
from tests.web.at_the_desk import Receptionist
from tests.web.stand import Stand, signature

TERMS = Path(__file__).with_name("schemathesis.toml")
OPERATIONS = sum(len(methods) for methods in json.loads(DOCUMENT.read_text())["paths"].values())


def app_of(stand: Stand) -> WSGIApplication:
    return with_feeds(create_app(stand.deps).wsgi_app, SqlFeedShelf(stand.store))


def findings(app: WSGIApplication, folder: Path, *chosen: str, **known: str) -> str:
    """What schemathesis says of the service. known: parts of addresses that stand for what is there."""
    terms = folder / "schemathesis.toml"
    there = "".join(f'"path.{name}" = "{value}"\n' for name, value in known.items())
    terms.write_text(f"{TERMS.read_text()}\n[parameters]\n{there}")
    with served(app) as address:
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(terms), "run", *chosen]
        # from a file: the operation it is loaded from would be left out
        command += ["--url", address, str(DOCUMENT)]
        told = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


@contextmanager
def served(app: WSGIApplication) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    serving = threading.Thread(target=server.serve_forever, args=(0.01,))
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing is written."""


def by_who_signs(app: WSGIApplication, stand: Stand) -> WSGIApplication:
    """Whatever is sent is signed on the way, so that it is read."""

    def signing(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        for name, value in signature(body, "msg_1", stand.clock.now).items():
            environ["HTTP_" + name.upper().replace("-", "_")] = value
        return app(environ | {"wsgi.input": io.BytesIO(body)}, start_response)

    return signing


def test_every_answer_of_every_operation_is_one_the_document_promises(stand: Stand, tmp_path: Path) -> None:
    Receptionist(stand).book()
    told = findings(app_of(stand), tmp_path)
    assert f"Tested: {OPERATIONS}\n" in told
    assert "scheduler_failures_total{" not in stand.client().get("/metrics").text


def test_so_is_every_answer_about_a_client_who_is_there(stand: Stand, tmp_path: Path) -> None:
    desk = Receptionist(stand)
    client = desk.client_of(desk.book())
    told = findings(app_of(stand), tmp_path, "--include-path-regex", "^/api/v1/clients/", id=client)
    assert "Missing test data" not in told


def test_so_is_every_answer_to_a_sender_whose_signature_fits(stand: Stand, tmp_path: Path) -> None:
    app = by_who_signs(app_of(stand), stand)
    told = findings(app, tmp_path, "--include-path", "/hooks/{source}", source="website")
    assert "Authentication failed" not in told
