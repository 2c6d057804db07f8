"""publish: what changed is written under higher numbers, and nothing else is."""

import gzip
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from scheduler_app.domain.clients import Client, Identifier
from scheduler_app.errors import NotFound, SchedulerError
from scheduler_app.flow.publish import publish
from scheduler_app.ports import Transaction
from tests.domain.care_cases import CLINIC, LINES, NOW, line, visit
from tests.press import DAY, FULL_PRESS, PRESS, START, VISIT, Book, events, served
from tests.rfc5545 import feed_checked


def test_the_first_appointment_opens_a_feed_whose_token_opens_its_bytes(book: Book) -> None:
    assert not book.publish()
    with pytest.raises(NotFound):
        book.token()
    book.write([VISIT])
    assert book.publish()
    groups = ("appointment", "before", "first-hours", "two-days", "serum", "first-week")
    assert set(events(book)) == {f"{group}.v1" for group in groups}


def test_the_bytes_are_stored_plain_and_zipped_under_a_strong_tag_over_them(book: Book) -> None:
    book.write([VISIT])
    book.publish()
    found = served(book)
    assert gzip.decompress(found.zipped) == found.body
    assert found.zipped[4:8] == bytes(4), "a time in there would make other bytes of the same feed"
    assert found.etag == f'"{sha256(found.body).hexdigest()}"'
    assert found.changed_at == NOW


def test_publishing_again_writes_nothing(book: Book) -> None:
    book.write([VISIT])
    assert book.publish()
    before, rows = served(book), book.rows()
    assert not book.publish(NOW + DAY)
    assert served(book) == before
    assert book.rows() == rows


def test_two_houses_make_the_same_bytes_of_the_same_book(tmp_path: Path) -> None:
    bodies = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        with closing(Book(tmp_path / name)) as book:
            book.write([VISIT])
            book.publish()
            bodies.append(served(book))
    assert bodies[0] == bodies[1]


def test_a_moved_visit_moves_its_entries_under_higher_numbers(book: Book) -> None:
    book.write([VISIT])
    book.publish()
    before = book.rows()
    later = NOW + DAY
    book.write([visit("v1", START + DAY)])
    assert book.publish(later)
    after = book.rows()
    assert set(after) == set(before)
    assert {row.sequence for row in after.values()} == {1}
    assert {row.changed_at for row in after.values()} == {later}
    appointment = events(book)["appointment.v1"]
    assert appointment.one("DTSTART").value == "20260711T150000Z"
    assert appointment.one("LAST-MODIFIED").value == appointment.one("DTSTAMP").value == "20260702T120000Z"


def test_only_what_changed_is_touched(book: Book) -> None:
    book.write([VISIT])
    book.publish()
    before = book.rows()
    lines = tuple(replace(each, discreet_text="New.") if each.group == "serum" else each for each in LINES)
    book.press = replace(PRESS, care={"en": lines})
    assert book.publish(NOW + DAY)
    changed = {uid for uid, row in book.rows().items() if row != before[uid]}
    assert changed == {"serum.v1"}


def test_a_longer_visit_leaves_what_comes_before_it_alone(book: Book) -> None:
    book.write([VISIT])
    book.publish()
    book.write([visit("v1", START, minutes=90)])
    book.publish(NOW + DAY)
    rows = book.rows()
    assert (rows["before.v1"].sequence, rows["appointment.v1"].sequence) == (0, 1)


def test_two_changes_within_one_second_are_still_told_apart(book: Book) -> None:
    times = []
    for minutes in (60, 70, 80):
        book.write([visit("v1", START, minutes=minutes)])
        book.publish(NOW + timedelta(milliseconds=minutes))
        times.append((book.rows()["appointment.v1"].changed_at, served(book).changed_at))
    seconds = timedelta(seconds=1)
    assert times == [(NOW + n * seconds, NOW + n * seconds) for n in range(3)]


def test_numbers_rise_even_when_the_clock_is_set_back(book: Book) -> None:
    book.write([VISIT])
    book.publish()
    book.write([visit("v1", START + DAY)])
    book.publish(NOW - 3 * DAY)
    assert book.rows()["appointment.v1"].changed_at > NOW
    assert served(book).changed_at > NOW


class Overtaken:
    """A store in which somebody else publishes between our look and our writing."""

    def __init__(self, book: Book, at: datetime) -> None:
        self.store = book.store
        self.other: list[Callable[[], bool]] = [lambda: book.publish(at)]

    def reading(self) -> AbstractContextManager[Transaction]:
        """Nothing special."""
        return self.store.reading()

    def scrub(self) -> None:
        """As the store does."""
        self.store.scrub()

    def transaction(self) -> AbstractContextManager[Transaction]:
        """The other one goes first."""
        if self.other:
            assert self.other.pop()()
        return self.store.transaction()


def test_of_two_publishers_the_second_finds_nothing_left_to_do(book: Book) -> None:
    book.write([VISIT])
    book.publish()
    book.write([visit("v1", START + DAY)])
    assert not publish(Overtaken(book, NOW + DAY), PRESS, "c1", NOW + DAY)
    assert {row.sequence for row in book.rows().values()} == {1}


def test_a_publisher_that_was_overtaken_goes_on_from_what_the_other_one_wrote(book: Book) -> None:
    book.write([VISIT])
    book.publish()
    book.write([visit("v1", START + DAY)])
    luna = replace(PRESS, clinic=replace(CLINIC, name="Luna"))
    assert publish(Overtaken(book, NOW + DAY), luna, "c1", NOW + DAY)
    assert {row.sequence for row in book.rows().values()} == {1}
    assert feed_checked(served(book).body).one("NAME").text == "Luna"


def test_changing_to_a_full_feed_replaces_the_groups_by_their_lines(book: Book) -> None:
    book.write([VISIT])
    book.publish()
    book.press = FULL_PRESS
    book.publish(NOW + DAY)
    assert "no-makeup.v1" in events(book)
    assert "two-days.v1" not in events(book)


def test_a_new_name_of_the_clinic_reaches_every_feed(book: Book) -> None:
    book.write([VISIT])
    book.publish()
    book.press = replace(PRESS, clinic=replace(CLINIC, name="Luna"))
    assert book.publish(NOW + DAY)
    assert feed_checked(served(book).body).one("X-WR-CALNAME").text == "Luna"
    assert {row.sequence for row in book.rows().values()} == {0}
    assert not book.publish(NOW + 2 * DAY)


def test_the_clients_own_privacy_goes_before_the_clinics(book: Book) -> None:
    book.write([VISIT])
    with book.store.transaction() as tx:
        tx.clients.change(Client("c1", "Ana López", NOW, privacy="plain"))
    book.publish()
    assert "microneedling" in events(book)["serum.v1"].one("SUMMARY").text


def test_with_invitations_on_the_appointment_just_leaves_the_feed(book: Book) -> None:
    book.write([VISIT])
    book.publish()
    with book.store.transaction() as tx:
        tx.clients.change(Client("c1", "Ana López", NOW, invitations=True))
    assert not book.publish(NOW + DAY)  # nobody could send one, and it must stand somewhere
    with book.store.transaction() as tx:
        tx.clients.add_identifiers("c1", [Identifier("email", "ana@example.com")])
    book.publish(NOW + DAY)
    assert "appointment.v1" not in events(book)
    assert "serum.v1" in events(book)


def test_nothing_is_half_written(book: Book) -> None:
    book.write([VISIT])
    book.publish()
    before = book.rows()
    book.write([visit("v1", START + DAY)])
    with closing(sqlite3.connect(str(book.store.file))) as raw:
        raw.execute("CREATE TRIGGER full BEFORE UPDATE ON feed_bytes BEGIN SELECT RAISE(ABORT, 'full'); END")
        with pytest.raises(SchedulerError):
            book.publish(NOW + DAY)
        assert book.rows() == before
        raw.execute("DROP TRIGGER full")
    assert book.publish(NOW + DAY)


def test_a_line_that_rings_has_one_alarm_before_its_entry(book: Book) -> None:
    ringing = line("no-makeup", "two-days", "end", timedelta(), timedelta(hours=48), alarm=15)
    book.press = replace(PRESS, care={"en": (*LINES[:6], ringing, *LINES[7:])})
    book.write([VISIT])
    book.publish()
    (alarm,) = events(book)["two-days.v1"].walk("VALARM")
    assert alarm.one("TRIGGER").value == "-PT15M"
