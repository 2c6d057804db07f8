"""The app with feeds in front, polled as calendar programs do; and shelves that fail."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

from scheduler_app.domain.entries import FeedBytes
from scheduler_app.store import SqlFeedShelf
from scheduler_app.web.feeds import with_feeds
from tests.domain.care_cases import madrid, visit
from tests.press import Book

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
        self.app = with_feeds(inner, shelf, self.counted.append)

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


def inner(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Whatever is not a feed."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"the rest of the house"]


class Broken:
    """A shelf that fails, or gives what it never should."""

    def __init__(self, found: Callable[[], FeedBytes | None]) -> None:
        self.found = found

    def find(self, token_sha256: bytes, held: FeedBytes | None = None) -> FeedBytes | None:
        """Whatever the test says."""
        return self.found()


def opened_book(folder: Path) -> Iterator[Book]:
    """A published book, closed afterwards."""
    made = Book(folder)
    made.write([VISIT])
    made.publish()
    yield made
    made.close()


def polls_of(book: Book) -> Iterator[Polls]:
    """Polls of its feeds."""
    with closing(SqlFeedShelf(book.store)) as shelf:
        yield Polls(shelf)


def break_database(book: Book) -> None:
    """From now on every question about feeds fails."""
    with closing(sqlite3.connect(str(book.store.file))) as raw:
        raw.execute("ALTER TABLE feed_tokens RENAME TO away")
