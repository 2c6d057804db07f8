"""Conditional polls: an unchanged feed is a 304, whatever a program or a proxy makes of our tag."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.domain.care_cases import NOW, visit
from tests.press import Book
from tests.web.polls import DAY, VISIT, Polls, opened_book, polls_of


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    yield from opened_book(tmp_path)


@pytest.fixture
def polls(book: Book) -> Iterator[Polls]:
    yield from polls_of(book)


@pytest.fixture
def token(book: Book) -> str:
    return book.token()


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
