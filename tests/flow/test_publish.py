"""publish: what changed is written under higher numbers, and nothing else is."""

import gzip
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from scheduler_app.domain.clients import Client
from scheduler_app.domain.clinic import FULL, FeedTerms
from scheduler_app.domain.entries import FeedBytes
from scheduler_app.domain.facts import Said, TreatmentFact
from scheduler_app.domain.tokens import stored_form
from scheduler_app.errors import NotFound, SchedulerError
from scheduler_app.flow.links import link, renew, withdraw
from scheduler_app.flow.publish import Press, publish, republish
from scheduler_app.ports import Transaction
from scheduler_app.store import SqlFeedShelf
from tests.domain.care_cases import BLOCKED, CLINIC, LINES, NOW, line, madrid, visit
from tests.house import house
from tests.press import KEY, PRESS, Book
from tests.rfc5545 import Component, feed_checked

START = madrid(2026, 7, 10, 17, 0)
VISIT = visit("v1", START)
FULL_PRESS = replace(PRESS, clinic=replace(CLINIC, feed=FeedTerms(detail=FULL)))
DAY = timedelta(days=1)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    made = Book(tmp_path)
    yield made
    made.close()


def served(book: Book) -> FeedBytes:
    """What a poll is answered with."""
    with closing(SqlFeedShelf(book.store)) as shelf:
        found = shelf.find(stored_form(book.token()))
    assert found is not None
    return found


def events(book: Book) -> dict[str, Component]:
    """VEVENTs of the served feed by the front of their uid."""
    calendar = feed_checked(served(book).body)
    return {event.one("UID").value.partition("@")[0]: event for event in calendar.walk("VEVENT")}


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


def test_a_cancelled_visit_is_shown_as_cancelled_for_thirty_days_and_then_gone(book: Book) -> None:
    other = visit("v2", START + 60 * DAY)
    book.write([VISIT, other])
    book.publish()
    book.write([replace(VISIT, status="cancelled")])
    cancelled_on = NOW + DAY
    book.publish(cancelled_on)
    event = events(book)["appointment.v1"]
    assert event.one("STATUS").value == "CANCELLED"
    assert event.one("SUMMARY").text == "Cancelled: appointment"
    assert event.one("SEQUENCE").value == "1"
    assert event.walk("VALARM") == []
    assert not book.publish(cancelled_on + 30 * DAY - timedelta(seconds=1))
    assert book.publish(cancelled_on + 30 * DAY)
    assert {uid.partition(".")[2] for uid in events(book)} == {"v2"}


def test_a_visit_cancelled_before_it_was_ever_published_is_never_shown(book: Book) -> None:
    book.write([replace(VISIT, status="cancelled"), visit("v2", START + DAY)])
    book.publish()
    assert {uid.partition(".")[2] for uid in events(book)} == {"v2"}


def test_a_feed_that_never_had_an_entry_has_no_bytes_instead_of_empty_ones(book: Book) -> None:
    book.write([replace(VISIT, status="cancelled")])
    book.publish()
    assert not book.publish()
    with closing(SqlFeedShelf(book.store)) as shelf:
        assert shelf.find(stored_form(book.token())) is None


def test_a_client_whose_visits_were_all_cancelled_long_ago_still_has_one_entry(book: Book) -> None:
    book.write([VISIT])
    book.publish()
    book.write([replace(VISIT, status="cancelled")])
    book.publish(NOW + DAY)
    book.publish(NOW + 90 * DAY)
    assert list(events(book)) == ["first-week.v1"]
    assert not book.publish(NOW + 400 * DAY)


def test_the_last_cancelled_entry_leaves_once_there_is_something_else(book: Book) -> None:
    book.write([VISIT])
    book.publish()
    book.write([replace(VISIT, status="cancelled")])
    book.publish(NOW + DAY)
    book.publish(NOW + 90 * DAY)
    book.write([visit("v2", START + 100 * DAY)])
    book.publish(NOW + 91 * DAY)
    assert {uid.partition(".")[2] for uid in events(book)} == {"v2"}


def test_numbers_go_on_when_an_entry_comes_back_after_it_was_dropped(book: Book) -> None:
    book.write([VISIT, visit("v2", START + 200 * DAY)])
    book.publish()
    book.write([replace(VISIT, status="cancelled")])
    book.publish(NOW + DAY)
    book.publish(NOW + 40 * DAY)
    assert "appointment.v1" not in events(book)
    book.write([visit("v1", START + 90 * DAY)])
    book.publish(NOW + 41 * DAY)
    event = events(book)["appointment.v1"]
    assert (event.one("STATUS").value, event.one("SEQUENCE").value) == ("CONFIRMED", "2")
    assert event.one("SUMMARY").text == "appointment"


def test_when_a_visit_is_blocked_its_care_goes_and_its_appointment_says_so(book: Book) -> None:
    book.write([VISIT])
    book.publish()
    book.write([VISIT], {"v1": BLOCKED})
    book.publish(NOW + DAY)
    assert list(events(book)) == ["appointment.v1"]
    event = events(book)["appointment.v1"]
    assert event.one("STATUS").value == "TENTATIVE"
    assert event.one("SUMMARY").text == "Not confirmed: appointment"
    book.write([VISIT])
    book.publish(NOW + 2 * DAY)
    assert events(book)["serum.v1"].one("SEQUENCE").value == "1"


def test_a_held_visit_that_is_cancelled_says_only_that(book: Book) -> None:
    book.write([VISIT], {"v1": BLOCKED})
    book.publish()
    book.write([replace(VISIT, status="cancelled")])
    book.publish(NOW + DAY)
    assert events(book)["appointment.v1"].one("SUMMARY").text == "Cancelled: appointment"


def test_entries_of_a_visit_that_turned_out_to_be_somebody_elses_are_called_off(book: Book) -> None:
    book.write([VISIT, visit("v2", START + 60 * DAY)])
    book.publish()
    with book.store.transaction() as tx:
        tx.clients.add(Client("c2", "Berta", NOW), ())
        tx.appointments.put(replace(VISIT, client="c2"), by="desk", at=NOW)
    book.publish(NOW + DAY)
    assert events(book)["serum.v1"].one("STATUS").value == "CANCELLED"


def test_past_entries_go_after_sixty_days_without_being_called_off(book: Book) -> None:
    book.write([VISIT, visit("v2", START + 200 * DAY)])
    book.publish()
    book.publish(START + 69 * DAY)
    assert {uid for uid in events(book) if uid.endswith("v1")} == set()
    assert "CANCELLED" not in {event.one("STATUS").value for event in events(book).values()}


def test_a_visit_struck_out_long_after_it_took_place_is_not_called_off_any_more(book: Book) -> None:
    book.write([VISIT, visit("v2", START + 200 * DAY)])
    book.publish()
    book.write([replace(VISIT, status="entered-in-error")])
    book.publish(START + 69 * DAY)
    assert {uid.partition(".")[2] for uid in events(book)} == {"v2"}


class Overtaken:
    """A store in which somebody else publishes between our look and our writing."""

    def __init__(self, book: Book, at: datetime) -> None:
        self.store = book.store
        self.other: list[Callable[[], bool]] = [lambda: book.publish(at)]

    def reading(self) -> AbstractContextManager[Transaction]:
        """Nothing special."""
        return self.store.reading()

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


# The link.


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


# Everybody's feed at once.


def everybody(book: Book, count: int) -> list[str]:
    """More clients with a visit each; all refs in order."""
    refs = [f"c{number:03}" for number in range(100, 100 + count)]
    with book.store.transaction() as tx:
        for ref in refs:
            tx.clients.add(Client(ref, ref, NOW), ())
            tx.appointments.put(replace(visit(f"v{ref}", START), client=ref), by="test", at=NOW)
    return ["c1", *refs]


def test_republishing_everybody_goes_on_where_it_was_interrupted(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler_app.flow.publish._BATCH", 3)
    refs = everybody(book, 8)
    running = republish(book.store, PRESS, NOW)
    done = [next(running) for _ in range(4)]
    del running
    rest = list(republish(book.store, PRESS, NOW, after=done[-1]))
    assert done + rest == sorted(refs)
    assert not any(publish(book.store, PRESS, ref, NOW) for ref in refs)


# With the clinic's own rules.


def test_treatments_that_are_not_clear_today_say_when_they_are_possible_again(tmp_path: Path) -> None:
    loaded = house()
    clinic = replace(CLINIC, feed=FeedTerms(possible_again=True), privacy="plain")
    press = Press(clinic, loaded.catalogue, loaded.rulebook, {"en": LINES}, (KEY,), loaded.precedence)
    said = Said("staff", "desk", NOW)
    with closing(Book(tmp_path, press)) as book:
        book.write([visit("v1", START + 300 * DAY)])
        with book.store.transaction() as tx:
            fact = TreatmentFact("f1", "c1", "botulinum_toxin", said, on="2026-06-25")
            tx.records.add_treatment(fact)
        book.publish()
        milestone = events(book)["possible-again-microneedling.c1"]
        assert milestone.one("DTSTART").value == "20260709"
        assert "possible-again-botulinum_toxin.c1" not in events(book)
        # reached, it stays like everything past, and is not called off
        book.publish(datetime(2026, 7, 20, tzinfo=UTC))
        assert events(book)["possible-again-microneedling.c1"].one("STATUS").value == "CONFIRMED"
        book.publish(datetime(2026, 9, 20, tzinfo=UTC))
        assert "possible-again-microneedling.c1" not in events(book)


def test_the_demo_publishes_the_shipped_texts_under_a_banner_and_serve_publishes_none(tmp_path: Path) -> None:
    loaded = house()
    for shown in (True, False):
        folder = tmp_path / str(shown)
        folder.mkdir()
        press = Press(
            loaded.clinic, loaded.catalogue, loaded.rulebook, loaded.care, (KEY,), loaded.precedence, shown
        )
        with closing(Book(folder, press)) as book:
            book.write([VISIT])
            book.publish()
            found = events(book)
        assert len(found) == (6 if shown else 1)
        texts = [
            each.value for event in found.values() for each in event.properties if each.name == "DESCRIPTION"
        ]
        assert all("no clinician has approved" in text for text in texts)
        assert bool(texts) is shown


def test_a_line_that_rings_has_one_alarm_before_its_entry(book: Book) -> None:
    ringing = line("no-makeup", "two-days", "end", timedelta(), timedelta(hours=48), alarm=15)
    book.press = replace(PRESS, care={"en": (*LINES[:6], ringing, *LINES[7:])})
    book.write([VISIT])
    book.publish()
    (alarm,) = events(book)["two-days.v1"].walk("VALARM")
    assert alarm.one("TRIGGER").value == "-PT15M"
