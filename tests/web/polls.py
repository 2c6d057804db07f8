"""The app with feeds in front, polled as calendar programs do; and shelves that fail."""

import gzip
import http.client
import logging
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import StartResponse, WSGIEnvironment
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.entries import FeedBytes
from scheduler_app.domain.tokens import stored_form
from scheduler_app.flow.links import renew, withdraw
from scheduler_app.store import SqlFeedShelf
from scheduler_app.web.feeds import with_feeds
from tests.domain.care_cases import NOW, madrid, visit
from tests.press import Book
from tests.rfc5545 import feed_checked

VISIT = visit("v1", madrid(2026, 7, 10, 17, 0))
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


class Polls:
    """The app with feeds in front, polled through the checker of the WSGI standard (PEP 3333)."""

    def __init__(self, shelf: Any) -> None:
        self.counted: list[int] = []
        self.app = with_feeds(_inner, shelf, self.counted.append)

    def get(self, token: str, method: str = "GET", **headers: str) -> Answer:
        """Poll /feeds/<token>.ics."""
        return self.path(f"/feeds/{token}.ics", method, **headers)

    def path(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for any path."""
        environ: WSGIEnvironment = {"REQUEST_METHOD": method, "PATH_INFO": path}
        environ |= {"SCRIPT_NAME": "", "QUERY_STRING": ""}
        environ.update({f"HTTP_{name.upper()}": value for name, value in headers.items()})
        setup_testing_defaults(environ)
        told: list[Any] = []

        def start_response(status: str, sent: list[tuple[str, str]], _fault: Any = None) -> Any:
            told[:] = [int(status[:3]), dict(sent)]
            assert len(sent) == len(told[1]), "no header twice"
            sent.append(("Server", "adds its own, as PEP 3333 lets it"))
            return lambda _data: None

        result = validator(self.app)(environ, start_response)
        try:
            body = b"".join(result)
        finally:
            result.close()  # type: ignore[attr-defined]
        return Answer(told[0], told[1], body)


def _inner(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"the rest of the house"]


class Broken:
    """A shelf that fails, or gives what it never should."""

    def __init__(self, found: Callable[[], FeedBytes | None]) -> None:
        self.found = found

    def find(self, token_sha256: bytes, held: FeedBytes | None = None) -> FeedBytes | None:
        """Whatever the test says."""
        return self.found()


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    made = Book(tmp_path)
    made.write([VISIT])
    made.publish()
    yield made
    made.close()


@pytest.fixture
def polls(book: Book) -> Iterator[Polls]:
    with closing(SqlFeedShelf(book.store)) as shelf:
        yield Polls(shelf)


@pytest.fixture
def token(book: Book) -> str:
    return book.token()
