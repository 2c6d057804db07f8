"""Calendars that other programs keep: how we stand with each, their series, the channels we hear through."""

from dataclasses import replace
from datetime import timedelta

from scheduler_app.domain.actions import Quarrel, WrittenMark
from scheduler_app.domain.connections import ALL, CalendarState, Channel
from scheduler_app.domain.events import Mark
from scheduler_app.ports import Store
from tests.contracts.store_base import HOUR, NOW, StoreBase, visit
from tests.contracts.store_book import book, refs

DAY = timedelta(days=1)
HOLD = Mark("hold", "⛔15 Mar · ", "Possible from 15 March.", "red")
ASKED = Channel("ch1", "desk", b"\x00\xff" * 16, NOW)
ANSWERED = replace(ASKED, resource="r1", expires_at=NOW + 7 * DAY)


class ConnectionsContract(StoreBase):
    """A part of StoreContract."""

    def test_nothing_is_remembered_of_a_calendar_never_heard_of(self, store: Store) -> None:
        with store.reading() as tx:
            assert tx.states.get("desk") == CalendarState("desk")
            assert tx.states.all() == []

    def test_how_we_stand_with_a_calendar_comes_back_as_it_was_put(self, store: Store) -> None:
        full = CalendarState("desk", NOW, "dora", ALL, NOW + HOUR, "access-withdrawn", NOW, NOW + 2 * HOUR)
        with store.transaction() as tx:
            tx.states.put(CalendarState("other", read_at=NOW))
            tx.states.put(CalendarState("desk"))
            tx.states.put(full)
        with store.reading() as tx:
            assert tx.states.get("desk") == full
            assert tx.states.get("other") == CalendarState("other", read_at=NOW)
            assert tx.states.all() == [full, CalendarState("other", read_at=NOW)]

    def test_a_channel_comes_back_as_it_was_put_first_without_an_answer_and_then_with_it(
        self, store: Store
    ) -> None:
        with store.transaction() as tx:
            assert tx.channels.get("ch1") is None
            tx.channels.put(ASKED)
            assert tx.channels.get("ch1") == ASKED
            ended = replace(ANSWERED, heard_at=NOW + HOUR, stopped_at=NOW + 2 * HOUR)
            tx.channels.put(ended)
        with store.reading() as tx:
            assert tx.channels.get("ch1") == ended

    def test_a_calendars_channels_are_listed_the_newest_last(self, store: Store) -> None:
        younger = replace(ASKED, id="a", asked_at=NOW + HOUR)
        with store.transaction() as tx:
            for channel in (younger, ASKED, replace(ASKED, id="b", calendar="other")):
                tx.channels.put(channel)
            assert tx.channels.of_calendar("desk") == [ASKED, younger]
            assert tx.channels.of_calendar("nowhere") == []
            assert [channel.id for channel in tx.channels.all()] == ["b", "ch1", "a"]

    def test_channels_that_ended_before_a_moment_are_forgotten_and_no_others(self, store: Store) -> None:
        late = NOW + 8 * DAY
        ended = {
            "expired": ANSWERED,
            "stopped": replace(ANSWERED, expires_at=NOW + 30 * DAY, stopped_at=NOW + DAY),
            "never answered": ASKED,
        }
        kept = {
            "live": replace(ANSWERED, expires_at=NOW + 9 * DAY),
            "expires then": replace(ANSWERED, expires_at=late),
            "stopped lately": replace(ANSWERED, expires_at=NOW + 30 * DAY, stopped_at=late),
            "asked lately": replace(ASKED, asked_at=late),
        }
        with store.transaction() as tx:
            for id, channel in (ended | kept).items():
                tx.channels.put(replace(channel, id=id))
            assert tx.channels.prune(late) == 3
            assert {channel.id for channel in tx.channels.all()} == set(kept)
            assert tx.channels.prune(late) == 0

    def test_series_are_known_by_how_far_they_were_read(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.series.put("desk", "weekly", NOW + DAY)
            tx.series.put("desk", "daily", NOW + DAY)
            tx.series.put("desk", "far", NOW + 9 * DAY)
            tx.series.put("other", "theirs", NOW)
            assert tx.series.read_short_of("desk", NOW + DAY) == []
            assert tx.series.read_short_of("desk", NOW + 2 * DAY) == ["daily", "weekly"]
            tx.series.put("desk", "daily", NOW + 5 * DAY)
            assert tx.series.read_short_of("desk", NOW + 2 * DAY) == ["weekly"]
            tx.series.drop("desk", "weekly")
            tx.series.drop("desk", "weekly")
            assert tx.series.read_short_of("desk", NOW + 2 * DAY) == []
            assert tx.series.read_short_of("other", NOW + DAY) == ["theirs"]

    def test_the_instances_of_a_series_are_found_called_off_ones_too(self, store: Store) -> None:
        with store.transaction() as tx:
            weekly = {"source": "calendar:desk", "series": "weekly"}
            book(tx, visit("a2", start=NOW + 2 * HOUR, status="cancelled", **weekly))
            book(tx, visit("a1", start=NOW + HOUR, **weekly), visit("a3", source="calendar:desk"))
            book(tx, visit("a4", source="calendar:other", series="weekly"))
            assert refs(tx.appointments.of_series("calendar:desk", "weekly")) == ["a1", "a2"]
            assert tx.appointments.of_series("calendar:desk", "daily") == []
            assert tx.appointments.of_series("calendar:desk", "") == []  # those of no series are none

    def test_what_a_source_says_of_writing_and_of_who_booked_is_kept(self, store: Store) -> None:
        copy = visit(writable=False, booked_by="anna@clinic.example", series="weekly")
        with store.transaction() as tx:
            book(tx, copy)
            assert tx.appointments.get("a1") == copy

    def test_holds_that_stand_for_long_and_take_their_slot_still_are_found(self, store: Store) -> None:
        written = {
            "long": WrittenMark("long", HOLD, '"1"', NOW, NOW - 2 * HOUR),
            "since then": WrittenMark("since then", HOLD, '"1"', NOW, NOW - HOUR),
            "given back": WrittenMark("given back", replace(HOLD, free=True), '"1"', NOW, NOW - 2 * HOUR),
            "review": WrittenMark("review", replace(HOLD, kind="review"), '"1"', NOW, NOW - 2 * HOUR),
            "never held": WrittenMark("never held", Mark("note", "", "."), '"1"', NOW),
        }
        with store.transaction() as tx:
            for ref, each in written.items():
                book(tx, visit(ref))
                tx.outbox.put_written(each)
            assert tx.outbox.held_before(NOW - HOUR) == [written["long"]]
            assert tx.outbox.held_before(NOW) == [written["long"], written["since then"]]

    def test_marks_that_wait_for_somebody_elses_move_are_found(self, store: Store) -> None:
        clash = WrittenMark("a1", Mark("clash", "⛔", "Its slot is taken."), '"1"', NOW, NOW)
        with store.transaction() as tx:
            book(tx, visit("a1"), visit("a2"))
            tx.outbox.put_written(clash)
            tx.outbox.put_written(WrittenMark("a2", HOLD, '"1"', NOW, NOW))
            assert tx.outbox.clashing() == [clash]

    def test_a_quarrel_about_a_visit_is_remembered_until_it_is_dropped(self, store: Store) -> None:
        first = Quarrel("a1", NOW + DAY, 1, NOW)
        second = Quarrel("a1", NOW + DAY, 2, NOW + 2 * HOUR, told=True)
        other = Quarrel("a2", NOW + DAY, 1, NOW + HOUR)
        with store.transaction() as tx:
            book(tx, visit("a1"), visit("a2"))
            assert tx.outbox.quarrel("a1") is None
            tx.outbox.put_quarrel(first)
            tx.outbox.put_quarrel(other)
            assert tx.outbox.quarrels() == [other, first]
            tx.outbox.put_quarrel(second)
            assert tx.outbox.quarrel("a1") == second
            assert tx.outbox.quarrels() == [second, other]
            tx.outbox.drop_quarrel("a1")
            tx.outbox.drop_quarrel("a1")
            assert tx.outbox.quarrel("a1") is None
            assert tx.outbox.quarrels() == [other]
