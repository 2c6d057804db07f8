"""When things break: last good bytes, a 404, never a 5xx, never an empty calendar."""

import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from scheduler_app.domain.entries import FeedBytes
from scheduler_app.domain.tokens import stored_form
from scheduler_app.flow.links import withdraw
from scheduler_app.store import SqlFeedShelf
from tests.domain.care_cases import NOW
from tests.press import Book
from tests.web.polls import Broken, Polls, break_database, opened_book, polls_of


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    yield from opened_book(tmp_path)


@pytest.fixture
def polls(book: Book) -> Iterator[Polls]:
    yield from polls_of(book)


@pytest.fixture
def token(book: Book) -> str:
    return book.token()


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
