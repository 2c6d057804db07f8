"""GET /feeds/<token>.ics: what calendar programs are told, and what they must never be told."""

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


# Conditional polls.


@pytest.mark.parametrize(
    "form",
    [
        '"{}"', 'W/"{}"', '"{}-gzip"', 'W/"{}-gzip"', '"{}-br"', '"other", "{}"', 'W/"x" ,W/"{}"', "*",
        " * ", "{}",
        '"a","b","c","{}-gzip","d"',
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_unchanged_feed_is_answered_with_304(
    polls: Polls, token: str, form: str, encoding: str, method: str
) -> None:
    tag = polls.get(token).headers["ETag"].strip('"')
    answer = polls.get(token, method, accept_encoding=encoding, if_none_match=form.format(tag))
    assert (answer.status, answer.body) == (304, b"")
    full = polls.get(token, accept_encoding=encoding).headers
    assert answer.headers == {
        name: value
        for name, value in full.items()
        if not name.startswith("Content-")
    }  # fmt: skip


@pytest.mark.parametrize("tags", ['"other"', "", ",,", '"', "W/", '"*"x', 'W/""', "x" * 100_000])
def test_other_tags_get_the_whole_feed(polls: Polls, token: str, tags: str) -> None:
    assert polls.get(token, if_none_match=tags).status == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        (NOW, 304), (NOW + DAY, 304), (NOW - timedelta(seconds=1), 200), (NOW - DAY, 200),
    ],
)  # fmt: skip
def test_without_a_tag_the_date_decides(polls: Polls, token: str, since: datetime, status: int) -> None:
    date = format_datetime(since, usegmt=True)
    assert polls.get(token, if_modified_since=date).status == status


def test_a_tag_goes_before_a_date(polls: Polls, token: str) -> None:
    tag, date = polls.get(token).headers["ETag"], format_datetime(NOW + DAY, usegmt=True)
    assert polls.get(token, if_none_match='"other"', if_modified_since=date).status == 200
    past = format_datetime(NOW - DAY, usegmt=True)
    assert polls.get(token, if_none_match=tag, if_modified_since=past).status == 304


@pytest.mark.parametrize(
    "date",
    [
        "",
        "yesterday",
        "Wed, 99 Jul 2026 12:00:00 GMT",
        "0",
        "Wed, 01 Jul 99999999999 12:00:00 GMT",
        "x" * 100_000,
    ],
)
def test_a_date_that_is_none_is_ignored(polls: Polls, token: str, date: str) -> None:
    assert polls.get(token, if_modified_since=date).status == 200


@pytest.mark.parametrize("date", ["Wednesday, 01-Jul-26 12:00:00 GMT", "Wed Jul  1 12:00:00 2026"])
def test_the_two_older_forms_of_dates_are_read_too(polls: Polls, token: str, date: str) -> None:
    assert polls.get(token, if_modified_since=date).status == 304


def test_a_date_without_a_zone_is_in_utc_wherever_the_server_stands(
    polls: Polls, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for second, zone in enumerate(("Asia/Tokyo", "America/New_York")):  # each asks with dates of its own
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert polls.get(token, if_modified_since=f"Wed Jul  1 11:59:0{second} 2026").status == 200
        assert polls.get(token, if_modified_since=f"Wed Jul  1 12:00:0{second} 2026").status == 304
    monkeypatch.undo()
    time.tzset()


def test_every_poll_between_two_changes_is_a_304_and_the_first_after_one_is_not(
    book: Book, polls: Polls, token: str
) -> None:
    tag = polls.get(token).headers["ETag"]
    for day in range(5):
        book.publish(NOW + timedelta(hours=day))
        assert polls.get(token, if_none_match=tag).status == 304
    book.write([visit("v1", VISIT.start + DAY)])
    book.publish(NOW + DAY)
    changed = polls.get(token, if_none_match=tag)
    assert changed.status == 200
    assert changed.headers["ETag"] != tag
    assert b"20260711T150000Z" in changed.body


# Doors that stay shut.


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


# When things break.


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
