"""When things break: last good bytes, a 404, never a 5xx, never an empty calendar."""

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
from tests.web.polls import DAY, VISIT, Answer, Broken, Polls, book, polls, token, inner


def break_database(book: Book) -> None:
    """From now on every question about feeds fails."""
    with closing(sqlite3.connect(str(book.store.file))) as raw:
        raw.execute("ALTER TABLE feed_tokens RENAME TO away")


def test_while_the_database_is_away_the_last_good_bytes_are_served(
    book: Book, polls: Polls, token: str
) -> None:
    good = polls.get(token)
    break_database(book)
    assert polls.get(token) == good
    assert polls.get(token, if_none_match=good.headers["ETag"]).status == 304
    assert polls.get("A" * 43).status == 404


def test_a_token_known_to_be_revoked_stays_so_while_the_database_is_away(
    book: Book, polls: Polls, token: str
) -> None:
    with book.store.transaction() as tx:
        withdraw(tx, book.press, "c1")
    assert polls.get(token).status == 410
    break_database(book)
    assert polls.get(token).status == 410


def test_a_database_that_was_never_there_is_a_404(book: Book, token: str) -> None:
    break_database(book)
    with closing(SqlFeedShelf(book.store)) as shelf:
        assert Polls(shelf).get(token).status == 404


def test_even_a_mistake_of_ours_is_no_5xx_and_is_logged_without_the_token(
    caplog: pytest.LogCaptureFixture, token: str
) -> None:
    def mistake() -> FeedBytes | None:
        raise RuntimeError(f"about {token}")

    with caplog.at_level(logging.DEBUG):
        assert Polls(Broken(mistake)).get(token).status == 404
    assert "RuntimeError" in caplog.text
    assert token not in caplog.text


def test_an_empty_body_is_never_sent_as_a_feed(token: str) -> None:
    empty = FeedBytes(b"", b"", '"x"', NOW)
    assert Polls(Broken(lambda: empty)).get(token).status == 404


def test_no_poll_writes_the_token_into_a_log(
    book: Book, polls: Polls, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        polls.get(token)
        break_database(book)
        polls.get("A" * 43)
        polls.get(token, "POST")
    assert token not in caplog.text
    assert "A" * 43 not in caplog.text
    assert stored_form(token).hex() not in caplog.text


# Over a real connection.


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Not into the tests' output."""


def test_a_subscriber_over_http_never_loses_an_entry_it_should_keep(book: Book, token: str) -> None:
    with (
        closing(SqlFeedShelf(book.store)) as shelf,
        make_server("127.0.0.1", 0, with_feeds(_inner, shelf), handler_class=_Quiet) as server,
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
