"""GET /feeds/<token>.ics: what calendar programs are told."""

import gzip
import http.client
import re
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.entries import FeedBytes
from scheduler_app.flow.links import renew, withdraw
from scheduler_app.store import SqlFeedShelf
from scheduler_app.web.feeds import with_feeds
from tests.domain.care_cases import NOW, visit
from tests.press import Book
from tests.rfc5545 import feed_checked
from tests.web.polls import DAY, VISIT, Broken, Polls, break_database, inner, opened_book, polls_of


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    yield from opened_book(tmp_path)


@pytest.fixture
def polls(book: Book) -> Iterator[Polls]:
    yield from polls_of(book)


@pytest.fixture
def token(book: Book) -> str:
    return book.token()


def test_a_token_opens_its_feed(polls: Polls, token: str) -> None:
    answer = polls.get(token)
    assert answer.status == 200
    assert len(feed_checked(answer.body).walk("VEVENT")) == 6
    assert answer.headers == {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": 'inline; filename="calendar.ics"',
        "Content-Length": str(len(answer.body)),
        "ETag": answer.headers["ETag"],
        "Last-Modified": "Wed, 01 Jul 2026 12:00:00 GMT",
        "Cache-Control": "private, no-cache",
        "Vary": "Accept-Encoding",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
        "X-Content-Type-Options": "nosniff",
    }


def test_gzip_is_the_same_feed_under_a_tag_of_its_own(polls: Polls, token: str) -> None:
    plain, zipped = polls.get(token), polls.get(token, accept_encoding="gzip, deflate, br")
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.body) == plain.body
    assert len(zipped.body) < len(plain.body)
    assert zipped.headers["Content-Length"] == str(len(zipped.body))
    assert zipped.headers["ETag"] == plain.headers["ETag"][:-1] + '-gzip"'


@pytest.mark.parametrize(
    ("accepted", "zipped"),
    [
        ("gzip", True), ("GZIP", True), ("x-gzip", True), ("gzip;q=0.5", True), ("*", True),
        ("br, gzip ; q=1", True),
        ("", False), ("identity", False), ("gzip;q=0", False), ("gzip; q=0.000", False), ("br", False),
        ("*;q=0", False), ("gzip;q=0, *", False), ("gzip;q=x", False), (";,;q=,", False),
        ("a," * 5000, False),
    ],
)  # fmt: skip
def test_only_those_who_ask_for_gzip_get_it(polls: Polls, token: str, accepted: str, zipped: bool) -> None:
    answer = polls.get(token, accept_encoding=accepted)
    assert ("Content-Encoding" in answer.headers) is zipped
    assert answer.status == 200


def test_head_says_what_get_would_and_sends_nothing(polls: Polls, token: str) -> None:
    for encoding in ("identity", "gzip"):
        get, head = (
            polls.get(token, accept_encoding=encoding),
            polls.get(token, "HEAD", accept_encoding=encoding),
        )
        assert (head.status, head.headers, head.body) == (200, get.headers, b"")


@pytest.mark.parametrize("accept", ["text/html", "application/json", "", "text/calendar;q=0"])
def test_what_is_accepted_is_ignored(polls: Polls, token: str, accept: str) -> None:
    assert polls.get(token, accept=accept) == polls.get(token)


def test_a_token_that_does_not_exist_is_404(polls: Polls, token: str) -> None:
    missing = polls.get("A" * 43)
    assert missing.status == 404
    assert missing.headers["Content-Type"] == "application/problem+json"
    assert polls.get(token.swapcase()).status == 404
    assert polls.counted == [404, 404]


@given(st.one_of(st.text(max_size=60), st.text(min_size=43, max_size=43)))
def test_a_malformed_token_is_404_without_a_look_at_the_database(text: str) -> None:
    asked: list[FeedBytes | None] = []
    polls = Polls(Broken(lambda: asked.append(None)))
    path = f"/feeds/{text}.ics".encode().decode("latin-1")
    if not re.fullmatch("[A-Za-z0-9_-]{43}", text):
        assert polls.path(path).status == 404
        assert asked == []


def test_a_revoked_token_is_410_and_the_new_one_opens(book: Book, polls: Polls, token: str) -> None:
    assert polls.get(token).status == 200
    with book.store.transaction() as tx:
        new = renew(tx, book.press, "c1")
    assert polls.get(token).status == polls.get(token, "HEAD").status == 410
    assert polls.get(token, if_none_match="*").status == 410
    assert polls.get(new).status == 200
    with book.store.transaction() as tx:
        withdraw(tx, book.press, "c1")
    assert polls.get(new).status == 410


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_a_feed_can_only_be_read(polls: Polls, token: str, method: str) -> None:
    answer = polls.get(token, method)
    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/", "/feeds", "/feeds/", "/feeds/x", "/c/x.ics", "/desk/", "/FEEDS/x.ics"])
def test_everything_else_is_passed_on(path: str) -> None:
    polls = Polls(None)
    assert polls.path(path).body == b"the rest of the house"
    assert polls.counted == []


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Not into the tests' output."""


def test_a_subscriber_over_http_never_loses_an_entry_it_should_keep(book: Book, token: str) -> None:
    with (
        closing(SqlFeedShelf(book.store)) as shelf,
        make_server("127.0.0.1", 0, with_feeds(inner, shelf), handler_class=_Quiet) as server,
    ):
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        reader = _Subscriber(server.server_port, f"/feeds/{token}.ics")
        try:
            assert reader.poll() == 200
            assert set(reader.seen.values()) == {"CONFIRMED"}
            assert reader.poll() == 304
            book.write([VISIT, visit("v2", VISIT.start + 30 * DAY)])
            book.publish(NOW + timedelta(hours=1))
            assert reader.poll() == 200
            assert len(reader.seen) == 12
            book.write([replace(VISIT, status="cancelled")])
            book.publish(NOW + timedelta(hours=2))
            assert reader.poll() == 200
            assert sorted(reader.seen.values()) == ["CANCELLED"] * 6 + ["CONFIRMED"] * 6
            before = dict(reader.seen)
            break_database(book)
            assert reader.poll() == 304
            reader.tag = ""
            assert reader.poll() == 200
            assert reader.seen == before
        finally:
            server.shutdown()


class _Subscriber:
    """Polls as calendar programs do, and keeps what it was told."""

    def __init__(self, port: int, path: str) -> None:
        self.port = port
        self.path = path
        self.tag = ""
        self.seen: dict[str, str] = {}

    def poll(self) -> int:
        """The status; what was seen changes only with a 200."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with closing(connection):
            headers = {"Accept-Encoding": "gzip"} | ({"If-None-Match": self.tag} if self.tag else {})
            connection.request("GET", self.path, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status == 200:
                self.tag = answer.headers["ETag"]
                events = feed_checked(gzip.decompress(body)).walk("VEVENT")
                self.seen = {event.one("UID").value: event.one("STATUS").value for event in events}
            return answer.status
