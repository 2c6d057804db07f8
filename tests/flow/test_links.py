"""A feed's link is printed again, renewed and withdrawn; only hashes are kept."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from scheduler_app.domain.tokens import stored_form
from scheduler_app.errors import NotFound
from scheduler_app.flow.links import link, renew, withdraw
from scheduler_app.store import SqlFeedShelf
from tests.domain.care_cases import NOW, visit
from tests.press import DAY, KEY, PRESS, START, VISIT, Book, events, served


def test_a_link_is_printed_the_same_every_time_and_only_its_hash_is_in_the_database(book: Book) -> None:
    book.write([VISIT])
    book.publish()
    assert book.token() == book.token()
    with closing(sqlite3.connect(str(book.store.file))) as raw:
        assert book.token() not in "".join(raw.iterdump())


def test_a_new_key_leaves_links_that_were_handed_out_alone(book: Book) -> None:
    book.write([VISIT])
    book.publish()
    old = book.token()
    book.press = replace(PRESS, keys=(bytes(32), KEY))
    assert book.token() == old
    book.press = replace(PRESS, keys=(bytes(32),))
    new = book.token()
    assert new != old
    with closing(SqlFeedShelf(book.store)) as shelf:
        assert shelf.find(stored_form(old)) == shelf.find(stored_form(new)) == served(book)


def test_a_renewed_link_opens_the_feed_and_the_old_one_is_known_to_be_withdrawn(book: Book) -> None:
    book.write([VISIT])
    book.publish()
    old = book.token()
    with book.store.transaction() as tx:
        new = renew(tx, book.press, "c1")
    with closing(SqlFeedShelf(book.store)) as shelf:
        before, after = shelf.find(stored_form(old)), shelf.find(stored_form(new))
    assert before is not None
    assert before.revoked
    assert after is not None
    assert after.body


def test_a_withdrawn_feed_is_kept_up_to_date_for_the_day_it_is_renewed(book: Book) -> None:
    book.write([VISIT])
    book.publish()
    with book.store.transaction() as tx:
        withdraw(tx, book.press, "c1")
    with book.store.reading() as tx, pytest.raises(NotFound, match="withdrawn"):
        link(tx, book.press, "c1")
    book.write([visit("v1", START + DAY)])
    book.publish(NOW + DAY)
    with book.store.transaction() as tx:
        renew(tx, book.press, "c1")
    assert events(book)["appointment.v1"].one("DTSTART").value == "20260711T150000Z"
