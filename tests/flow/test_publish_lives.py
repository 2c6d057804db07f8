"""The life of an entry: held, called off, past, gone, and back under numbers that go on."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from scheduler_app.domain.clients import Client
from scheduler_app.domain.tokens import stored_form
from scheduler_app.store import SqlFeedShelf
from tests.domain.care_cases import BLOCKED, LINES, NOW, visit
from tests.press import DAY, PRESS, START, VISIT, Book, events


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


def test_a_feed_stays_under_a_megabyte_and_holds_what_comes_first(tmp_path: Path) -> None:
    wordy = replace(LINES[0], title="x", discreet_title="x", discreet_text="word " * 4000)
    with closing(Book(tmp_path, replace(PRESS, care={"en": (wordy,)}))) as book:
        book.write([visit(f"v{number:02}", START + number * DAY) for number in range(90)])
        book.publish()
        shown = sorted(uid.partition(".")[2] for uid in events(book))
        assert 30 < len(shown) < 60
        assert shown == [f"v{number:02}" for number in range(len(shown))]
        assert not book.publish()
        book.publish(START + 40 * DAY)  # what is past makes room
        assert min(events(book)) == "appointment.v40"
        book.publish(START + 80 * DAY)
        assert {f"appointment.v{number}" for number in range(50, 90)} <= set(events(book))
