"""The book, and who changed what in it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from scheduler_app.domain.appointments import Appointment, Change
from scheduler_app.errors import Conflict
from scheduler_app.ports import Store, Transaction
from tests.contracts.store_base import HOUR, NOW, StoreBase, client, visit


def book(tx: Transaction, *appointments: Appointment) -> None:
    """Put them, for a client who is known."""
    if tx.clients.get("c1") is None:
        tx.clients.add(client(), [])
    for appointment in appointments:
        tx.appointments.put(appointment, "acme", NOW)


def refs(appointments: Sequence[Appointment]) -> list[str]:
    """In the order given."""
    return [appointment.ref for appointment in appointments]


class BookContract(StoreBase):
    """A part of StoreContract."""

    def test_an_appointment_comes_back_as_it_went_in(self, store: Store) -> None:
        full = visit(
            version=1_772_355_600_123,
            location="north",
            calendar="desk",
            title="⛔ Botox? – Änna",
            doubts=("title-doubtful", "client-unknown"),
            by_staff=True,
            treatments=("plasma_pen", "microneedling"),
            replaced_by="a9",
        )
        bare = visit("a2", client=None, treatments=(), booked_at=None)
        with store.transaction() as tx:
            book(tx, full, bare)
        with store.reading() as tx:
            assert (tx.appointments.get("a1"), tx.appointments.get("a2")) == (full, bare)
            assert tx.appointments.by_source("hooks:acme", "booking-a1") == full
            assert tx.appointments.by_source("hooks:other", "booking-a1") is None
            assert tx.appointments.get("a3") is None

    def test_times_are_the_same_instant_in_utc_and_the_zone_is_kept(self, store: Store) -> None:
        tokyo = timezone(timedelta(hours=9))
        start = datetime(2026, 3, 15, 0, 30, 0, 123456, tzinfo=tokyo)
        with store.transaction() as tx:
            book(tx, visit(start=start, end=start + HOUR, zone="Asia/Tokyo"))
            read = tx.appointments.get("a1")
        assert read is not None
        assert read.start == start
        assert read.start.utcoffset() == timedelta(0)
        assert read.day == date(2026, 3, 15).toordinal()

    def test_history_tells_who_changed_what_and_when(self, store: Store) -> None:
        first = visit()
        with store.transaction() as tx:
            book(tx, first)
            moved = replace(first, start=first.start + HOUR, status="cancelled")
            tx.appointments.put(moved, "dora", NOW + HOUR)
            *born, start, status = tx.appointments.history("a1")
        assert start == Change(
            "dora", NOW + HOUR, "start", first.start.isoformat(), (first.start + HOUR).isoformat()
        )
        assert status == Change("dora", NOW + HOUR, "status", "booked", "cancelled")
        assert {change.by for change in born} == {"acme"}
        assert {change.before for change in born} == {None}
        assert Change("acme", NOW, "treatments", None, "microneedling") in born

    @pytest.mark.parametrize("who", [visit().source, "dora"])
    def test_whoever_told_of_it_first_is_known_its_source_or_not(self, store: Store, who: str) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [])
            tx.appointments.put(visit(), who, NOW)
            tx.appointments.put(visit(status="cancelled"), "acme", NOW + HOUR)
            *born, status = tx.appointments.history("a1")
        assert {(change.by, change.at, change.before) for change in born} == {(who, NOW, None)}
        assert (status.by, status.at, status.before) == ("acme", NOW + HOUR, "booked")

    def test_what_did_not_change_leaves_no_history(self, store: Store) -> None:
        with store.transaction() as tx:
            book(tx, visit())
            before = tx.appointments.history("a1")
            book(tx, visit())
            book(tx, visit(reported_at=NOW + HOUR, version=2))  # said again, and nothing new
            assert tx.appointments.history("a1") == before
            assert tx.appointments.get("a1") == visit(reported_at=NOW + HOUR, version=2)

    def test_one_name_at_a_source_is_one_appointment(self, store: Store) -> None:
        with store.transaction() as tx:
            book(tx, visit())
        with pytest.raises(Conflict), store.transaction() as tx:
            book(tx, visit("a2", source_id="booking-a1"))

    def test_a_clients_book_is_in_order_of_time(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client("c2", "Berta"), [])
            book(tx, visit("a3", start=NOW + 3 * HOUR), visit("a1", status="cancelled", start=NOW + 2 * HOUR))
            book(tx, visit("a2", start=NOW + 2 * HOUR), visit("b1", client="c2"))
            assert refs(tx.appointments.of_client("c1")) == ["a1", "a2", "a3"]
            assert tx.appointments.of_client("c3") == []

    def test_those_without_a_client_are_listed(self, store: Store) -> None:
        with store.transaction() as tx:
            book(tx, visit(), visit("a2", client=None), visit("a3", client=None, start=NOW - HOUR))
            assert refs(tx.appointments.unassigned()) == ["a3", "a2"]
            book(tx, visit("a2"))
            assert refs(tx.appointments.unassigned()) == ["a3"]

    def test_between_counts_the_start_and_leaves_out_the_end(self, store: Store) -> None:
        with store.transaction() as tx:
            for hours in range(4):
                book(tx, visit(f"a{hours}", start=NOW + hours * HOUR, calendar="desk" if hours else None))
            between = tx.appointments.between
            assert refs(between(NOW, NOW + 2 * HOUR)) == ["a0", "a1"]
            assert refs(between(NOW, NOW + 2 * HOUR, "desk")) == ["a1"]
            assert refs(between(NOW, NOW + 9 * HOUR, "other")) == []

    def test_upcoming_are_those_ahead_that_were_not_called_off(self, store: Store) -> None:
        with store.transaction() as tx:
            book(tx, visit("past", start=NOW - HOUR), visit("now", start=NOW), visit("ahead"))
            book(tx, visit("off", status="cancelled"), visit("wrong", status="entered-in-error"))
            assert tx.appointments.count_upcoming(NOW) == 2

    def test_a_calendar_lists_those_that_could_have_vanished(self, store: Store) -> None:
        with store.transaction() as tx:
            book(tx, visit("a1", calendar="desk"), visit("a2", calendar="other"), visit("a3"))
            book(tx, visit("a4", calendar="desk", status="cancelled"))
            begun = {"calendar": "desk", "start": NOW - HOUR}
            book(tx, visit("a5", end=NOW + HOUR, **begun), visit("a6", end=NOW, **begun))
            live = [
                (NOW - HOUR, "a5", "hooks:acme", "booking-a5"),
                (NOW + 24 * HOUR, "a1", "hooks:acme", "booking-a1"),
            ]
            assert list(tx.appointments.live_in("desk", NOW)) == live
            assert list(tx.appointments.live_in("desk", NOW + 2 * HOUR)) == live[1:]

    def test_a_list_longer_than_a_page_of_it_is_whole(self, store: Store) -> None:
        with store.transaction() as tx:
            book(tx, *(visit(f"a{number:04}", calendar="desk") for number in range(1001)))
            refs = [ref for _, ref, _, _ in tx.appointments.live_in("desk", NOW)]
            assert refs == [f"a{number:04}" for number in range(1001)]

    def test_one_visit_that_two_sources_tell_of_is_listed_once(self, store: Store) -> None:
        copy = visit("b1", source="calendar:desk", calendar="desk", same_as="a1", carries="acme 17")
        with store.transaction() as tx:
            book(tx, visit(), copy)
            found = tx.appointments
            between = (NOW, NOW + 48 * HOUR)
            assert refs(found.of_client("c1")) == ["a1"]
            assert refs(found.between(*between)) == ["a1"]
            assert refs(found.between(*between, "desk")) == []
            assert found.count_upcoming(NOW) == 1
            book(tx, replace(copy, client=None))
            assert found.unassigned() == []

    def test_both_halves_of_a_visit_are_found_by_whoever_asks_for_them(self, store: Store) -> None:
        copy = visit("b1", source="calendar:desk", calendar="desk", same_as="a1", carries="acme 17")
        with store.transaction() as tx:
            book(tx, visit(), copy)
            found = tx.appointments
            between = (NOW, NOW + 48 * HOUR)
            assert refs(found.of_client("c1", twins=True)) == ["a1", "b1"]
            assert refs(found.between(*between, twins=True)) == ["a1", "b1"]
            assert refs(found.between(*between, "desk", twins=True)) == ["b1"]
            assert refs(found.twins("a1")) == ["b1"]
            assert refs(found.carrying("acme 17")) == ["b1"]
            assert [ref for _, ref, _, _ in found.live_in("desk", NOW)] == ["b1"]
            assert found.get("b1") == found.by_source("calendar:desk", "booking-b1") == copy

    def test_a_visit_told_of_twice_is_listed_as_it_is_judged(self, store: Store) -> None:
        copy = visit("b1", source="calendar:desk", same_as="a1", treatments=("dermal_filler",))
        with store.transaction() as tx:
            book(tx, visit(), replace(copy, booked_at=NOW - HOUR))
            (judged,) = tx.appointments.of_client("c1")
        assert (judged.ref, judged.source) == ("a1", "hooks:acme")
        assert judged.treatments == ("microneedling", "dermal_filler")
        assert judged.booked_at == NOW - HOUR

    def test_expected_books_are_listed_the_same_way_also_after_a_change(self, store: Store) -> None:
        copy = visit("b1", source="calendar:desk")
        with store.transaction() as tx:
            tx.clients.add(client("c2", "Berta"), [])
            book(tx, visit(), copy, visit("z1", client="c2"))
        with store.transaction() as tx:
            tx.expect_stories(["c1", "c2"], [])
            assert refs(tx.appointments.of_client("c1")) == ["a1", "b1"]
            tx.appointments.put(replace(copy, same_as="a1"), "scheduler", NOW)
            assert refs(tx.appointments.of_client("c1")) == ["a1"]
            assert refs(tx.appointments.of_client("c1", twins=True)) == ["a1", "b1"]
            assert refs(tx.appointments.of_client("c2")) == ["z1"]

    def test_what_carries_a_booking_is_found_before_it_is_committed(self, store: Store) -> None:
        copy = visit("b1", source="calendar:desk", source_id="b1", carries="acme 17")
        with store.transaction() as tx:
            tx.clients.add(client(), [])
            tx.expect("calendar:desk", ["b1"], ())
            tx.appointments.put(copy, "calendar:desk", NOW)
            assert refs(tx.appointments.carrying("acme 17")) == ["b1"]

    def test_a_persons_word_about_two_appointments_is_kept_and_the_newest_counts(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.pairs.put("b1", "a1", True, "kim", NOW)
            tx.pairs.put("a2", "b2", False, "kim", NOW)
            assert tx.pairs.of(["a1", "b1", "b2"]) == {("a1", "b1"): True}
            tx.pairs.put("a1", "b1", False, "lee", NOW + HOUR)
            assert tx.pairs.of(["b1", "a1"]) == {("a1", "b1"): False}
            assert tx.pairs.of([]) == {}
