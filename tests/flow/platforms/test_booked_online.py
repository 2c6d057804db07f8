"""A client's day on a booking platform: held until it is judged, declined, confirmed, moved, called off."""

from dataclasses import replace
from datetime import datetime

import pytest

from scheduler_app.domain.platforms import BookingPage, LeftOut, PlatformState
from scheduler_app.errors import Conflict, Disconnected, Invalid, NotFound, Unavailable
from scheduler_app.flow.decide import override
from scheduler_app.flow.digest import digest
from scheduler_app.flow.platforms.deciding import decide
from scheduler_app.flow.platforms.overview import platforms
from scheduler_app.flow.record import Speaker, record_screening
from scheduler_app.flow.unreadable import BOOKING
from scheduler_app.texts.digest import digest_text
from tests.flow.platforms.clinic_online import ONLINE, ClinicOnline

PRACTITIONER = Speaker("practitioner", "Dr Grey")


def screened(online: ClinicOnline, booking: str) -> None:
    """The health questions of the client were asked."""
    record_screening(online.flow, online.client_of(booking, ONLINE), "2026-03-01", PRACTITIONER)
    online.settle()


class TestABookingThatWaits:
    def test_is_confirmed_where_no_rule_is_broken(self, online: ClinicOnline) -> None:
        booking = online.book_online("Talk", "2026-03-20", waits=True)
        online.settle()
        assert online.stands(booking) == "booked"
        assert online.appointment(booking, ONLINE).status == "booked"

    def test_is_declined_with_the_first_possible_date_and_whom_to_ask(self, online: ClinicOnline) -> None:
        online.book_online("Botox", "2026-03-20")
        booking = online.book_online("Micro", "2026-03-27", waits=True)
        online.settle()
        assert online.stands(booking) == "cancelled"
        assert "3 April 2026" in online.told(booking)
        assert online.flow.clinic.phone in online.told(booking)
        for secret in ("Botox", "icroneedling", "botulinum"):
            assert secret not in online.told(booking)

    def test_waits_for_a_person_while_the_health_questions_are_open(self, online: ClinicOnline) -> None:
        booking = online.book_online("Micro", "2026-03-20", waits=True)
        online.settle()
        assert online.judged(booking) == "review"
        assert online.stands(booking) == "pending"
        screened(online, booking)
        assert online.judged(booking) == "clear"
        assert online.stands(booking) == "booked"

    def test_is_confirmed_although_they_are_open_where_the_clinic_says_so(self, online: ClinicOnline) -> None:
        online.allow(confirm_reviews=True)
        booking = online.book_online("Micro", "2026-03-20", waits=True)
        online.settle()
        assert online.stands(booking) == "booked"

    def test_for_a_service_nobody_mapped_is_never_confirmed_by_us(self, online: ClinicOnline) -> None:
        online.allow(confirm_reviews=True)
        booking = online.book_online("Vampire facial deluxe", "2026-03-20", waits=True)
        online.settle()
        assert online.judged(booking) == "review"
        assert online.stands(booking) == "pending"

    def test_is_left_to_people_where_holding_is_switched_off(self, online: ClinicOnline) -> None:
        online.allow(hold=False)
        online.book_online("Botox", "2026-03-20")
        blocked = online.book_online("Micro", "2026-03-27", waits=True)
        clear = online.book_online("Talk", "2026-03-20", name="Bo Ray", waits=True)
        online.settle()
        assert (online.stands(blocked), online.stands(clear)) == ("pending", "pending")
        assert online.acts() == []

    def test_is_left_to_people_where_its_rule_is_switched_off(self, online: ClinicOnline) -> None:
        online.allow(rules={"microneedling-after-botulinum-toxin": ()})
        online.book_online("Botox", "2026-03-20")
        booking = online.book_online("Micro", "2026-03-27", waits=True)
        online.settle()
        assert (online.judged(booking), online.stands(booking)) == ("blocked", "pending")

    def test_that_staff_booked_is_never_declined_by_us(self, online: ClinicOnline) -> None:
        online.book_online("Botox", "2026-03-20")
        booking = online.book_online("Micro", "2026-03-27", waits=True, by_staff=True)
        online.settle()
        assert (online.judged(booking), online.stands(booking)) == ("blocked", "pending")

    def test_that_a_person_confirms_is_confirmed_whatever_is_judged_meanwhile(
        self, online: ClinicOnline
    ) -> None:
        booking = online.book_online("Micro", "2026-03-20", waits=True)
        online.settle()
        decide(online.flow, online.appointment(booking, ONLINE).ref, "confirm", "Rita")
        with online.store.transaction() as tx:
            tx.work.touch("judge", online.client_of(booking, ONLINE))
        online.runner().run_next(("judge",))
        online.settle()
        assert online.stands(booking) == "booked"
        assert not online.appointment(booking, ONLINE).by_staff

    def test_two_rules_broken_at_once_decline_it_once(self, online: ClinicOnline) -> None:
        online.book_online("Botox", "2026-03-18")
        online.book_online("Filler", "2026-03-20")
        booking = online.book_online("Micro", "2026-03-27", waits=True)
        online.settle()
        assert online.acts() == [("decline", booking)]
        assert "17 April 2026" in online.told(booking)

    def test_whose_confirmation_comes_back_as_an_event_is_left_as_it_is(self, online: ClinicOnline) -> None:
        booking = online.book_online("Talk", "2026-03-20", waits=True)
        online.settle()
        online.deliver(booking)
        online.settle()
        assert online.acts() == [("confirm", booking)]
        assert not online.appointment(booking, ONLINE).by_staff

    def test_that_a_person_let_through_is_theirs_until_it_is_moved(self, online: ClinicOnline) -> None:
        online.allow(hold=False, cancel=True)
        online.book_online("Botox", "2026-03-20")
        booking = online.book_online("Micro", "2026-03-27", waits=True)
        online.settle()
        online.change_online(booking, status="booked")
        online.settle()
        assert online.appointment(booking, ONLINE).by_staff
        assert online.stands(booking) == "booked"
        online.move_online(booking, "2026-03-26")
        online.settle()
        assert online.acts() == [("cancel", booking)]


class TestABookingThatStands:
    def test_is_only_flagged_until_the_clinic_lets_us_call_off(self, online: ClinicOnline) -> None:
        online.book_online("Botox", "2026-03-20")
        booking = online.book_online("Micro", "2026-03-27")
        online.settle()
        assert (online.judged(booking), online.stands(booking)) == ("blocked", "booked")
        assert online.acts() == []

    def test_is_called_off_where_the_clinic_lets_us(self, online: ClinicOnline) -> None:
        online.allow(cancel=True)
        botox = online.book_online("Botox", "2026-03-20")
        booking = online.book_online("Micro", "2026-03-27")
        online.settle()
        assert online.acts() == [("cancel", booking)]
        assert "3 April 2026" in online.told(booking)
        assert online.stands(botox) == "booked"
        assert online.appointment(booking, ONLINE).status == "cancelled"

    def test_is_never_called_off_where_staff_booked_it(self, online: ClinicOnline) -> None:
        online.allow(cancel=True)
        online.book_online("Botox", "2026-03-20")
        booking = online.book_online("Micro", "2026-03-27", by_staff=True)
        online.settle()
        assert (online.judged(booking), online.acts()) == ("blocked", [])

    @pytest.mark.parametrize("waits", [True, False])
    def test_that_turns_out_to_be_staffs_when_it_is_asked_for_is_left_alone(
        self, online: ClinicOnline, waits: bool
    ) -> None:
        online.allow(cancel=True)
        online.book_online("Botox", "2026-03-20")
        booking = online.book_online("Micro", "2026-03-27", waits=waits)
        runner = online.runner()
        while runner.run_next(("ingest", "fetch", "judge", "release")):
            pass
        held = online.platform.bookings[booking]
        online.platform.bookings[booking] = replace(held, by_staff=True)
        online.settle()
        assert online.acts() == []

    def test_is_never_called_off_when_it_starts_soon_or_has_begun(self, online: ClinicOnline) -> None:
        online.allow(cancel=True, cancel_hours=48)
        online.book_online("Botox", "2026-03-02")
        tomorrow = online.book_online("Micro", "2026-03-03")
        online.settle()
        assert (online.judged(tomorrow), online.acts()) == ("blocked", [])

    def test_is_called_off_only_for_the_rules_that_may(self, online: ClinicOnline) -> None:
        online.allow(rules={"microneedling-after-dermal-filler": ("cancel",)})
        online.book_online("Botox", "2026-03-20")
        online.book_online("Micro", "2026-03-27")
        online.book_online("Filler", "2026-03-20", name="Bo Ray")
        other = online.book_online("Micro", "2026-03-27", name="Bo Ray")
        online.settle()
        assert online.acts() == [("cancel", other)]

    def test_gives_way_to_what_was_booked_before_it(self, online: ClinicOnline) -> None:
        """A new Botox before a booked microneedling: the Botox is the one that must go."""
        online.allow(cancel=True)
        micro = online.book_online("Micro", "2026-03-27")
        botox = online.book_online("Botox", "2026-03-20")
        online.settle()
        assert online.acts() == [("cancel", botox)]
        assert "does not go with your other visits" in online.told(botox) or "choose a date" in online.told(
            botox
        )
        assert online.stands(micro) == "booked"

    def test_that_was_moved_is_not_judged_against_its_own_old_slot(self, online: ClinicOnline) -> None:
        online.allow(cancel=True)
        booking = online.book_online("Botox", "2026-03-20")
        online.settle()
        online.move_online(booking, "2026-03-23")
        online.settle()
        assert online.judged(booking) == "clear"
        assert online.acts() == []

    def test_that_was_moved_under_another_id_closes_the_old_one(self, online: ClinicOnline) -> None:
        before = online.book_online("Micro", "2026-03-20")
        online.settle()
        after = online.book_online("Micro", "2026-03-25", tells=False)
        held = online.platform.bookings
        held[after] = replace(held[after], previous_id=before)
        held[before] = replace(held[before], status="cancelled", version=2)
        online.deliver(before)
        online.settle()
        assert online.appointment(before, ONLINE).replaced_by == online.appointment(after, ONLINE).ref
        assert online.judged(after) == "review"  # the health questions, and no gap to its own old slot

    def test_that_was_moved_to_where_no_rule_is_broken_is_let_be(self, online: ClinicOnline) -> None:
        online.allow(cancel=True)
        online.book_online("Botox", "2026-03-20")
        booking = online.book_online("Micro", "2026-03-27", tells=False)
        online.move_online(booking, "2026-04-03", tells=False)
        online.deliver(booking)
        online.settle()
        assert online.acts() == []
        assert online.judged(booking) == "review"

    def test_that_was_moved_after_it_was_judged_is_judged_again_first(self, online: ClinicOnline) -> None:
        online.allow(cancel=True)
        online.book_online("Botox", "2026-03-20")
        booking = online.book_online("Micro", "2026-03-27")
        runner = online.runner()
        while runner.run_next(("ingest", "fetch", "judge", "release")):
            pass
        online.move_online(booking, "2026-04-10", tells=False)
        online.settle()
        online.clock.pass_by(minutes=10)
        online.settle()
        assert online.stands(booking) == "booked"
        assert online.acts() == []


class TestWhateverHappensToSignals:
    def test_the_same_event_five_times_is_one(self, online: ClinicOnline) -> None:
        online.allow(cancel=True)
        online.book_online("Botox", "2026-03-20")
        booking = online.book_online("Micro", "2026-03-27")
        assert [online.deliver(booking) for _ in range(4)] == [False] * 4
        online.settle()
        for _ in range(5):
            online.deliver(booking)
            online.settle()
        assert online.acts() == [("cancel", booking)]

    @pytest.mark.parametrize("told", [(0, 1), (1, 0), (1,), (0,), ()])
    def test_created_and_called_off_in_any_order_it_is_off(
        self, online: ClinicOnline, told: tuple[int, ...]
    ) -> None:
        booking = online.book_online("Micro", "2026-03-20", tells=False)
        created = online.platform.sent(booking)
        online.call_off_online(booking, tells=False)
        signals = (created, online.platform.sent(booking))
        for which in told:
            online.send_online(signals[which])
            online.settle()
        online.poll()
        assert online.appointment(booking, ONLINE).status == "cancelled"

    def test_an_older_state_never_takes_the_place_of_a_newer_one(self, online: ClinicOnline) -> None:
        booking = online.book_online("Micro", "2026-03-20")
        online.call_off_online(booking)
        online.settle()
        held = online.platform.bookings[booking]
        online.platform.bookings[booking] = replace(held, status="booked", version=1)
        online.poll()
        assert online.appointment(booking, ONLINE).status == "cancelled"

    def test_lost_webhooks_are_made_up_for_by_the_next_reading(self, online: ClinicOnline) -> None:
        online.poll()
        online.book_online("Botox", "2026-03-20", tells=False)
        booking = online.book_online("Micro", "2026-03-27", waits=True, tells=False)
        online.poll()
        assert online.stands(booking) == "cancelled"

    def test_a_booking_that_vanished_is_off_where_it_lay_ahead(self, online: ClinicOnline) -> None:
        booking = online.book_online("Micro", "2026-03-20")
        online.settle()
        del online.platform.bookings[booking]
        online.clock.pass_by(hours=25)
        online.poll()
        assert online.appointment(booking, ONLINE).status == "cancelled"

    def test_a_visit_that_is_over_stays_in_the_story_when_it_vanishes(self, online: ClinicOnline) -> None:
        booking = online.book_online("Botox", "2026-03-04")
        online.settle()
        online.clock.pass_by(days=5)
        del online.platform.bookings[booking]
        online.poll()
        assert online.appointment(booking, ONLINE).status == "booked"

    def test_a_hint_about_a_visit_that_is_over_and_unknown_there_changes_nothing(
        self, online: ClinicOnline
    ) -> None:
        booking = online.book_online("Botox", "2026-03-04")
        online.settle()
        online.clock.pass_by(days=5)
        online.change_online(booking)
        del online.platform.bookings[booking]
        online.settle()
        assert online.appointment(booking, ONLINE).status == "booked"


class TestWhenThePlatformDoesNotAnswer:
    def test_it_is_asked_again_when_it_said_so(self, online: ClinicOnline) -> None:
        online.platform.faults = [Unavailable("busy", 30)]
        booking = online.book_online("Talk", "2026-03-20", waits=True)
        online.settle()
        assert online.stands(booking) == "pending"
        online.clock.pass_by(seconds=31)
        online.settle()
        assert online.stands(booking) == "booked"

    @pytest.mark.parametrize("fault", [Unavailable("5xx"), Conflict("409"), Unavailable("429", 5)])
    def test_an_act_it_refuses_for_now_is_done_later_and_once(
        self, online: ClinicOnline, fault: Exception
    ) -> None:
        online.allow(cancel=True)
        online.book_online("Botox", "2026-03-20")
        booking = online.book_online("Micro", "2026-03-27")
        runner = online.runner()
        while runner.run_next(("ingest", "fetch", "judge", "release")):
            pass
        online.platform.faults = [fault]  # type: ignore[list-item]
        for _ in range(4):
            online.settle()
            online.clock.pass_by(minutes=5)
        assert online.acts() == [("cancel", booking)]

    def test_that_it_has_not_answered_for_hours_is_told_until_it_does(self, online: ClinicOnline) -> None:
        online.poll()
        for hours, told in ((5, ()), (2, ((ONLINE, "platform-not-read"),))):
            online.clock.pass_by(hours=hours)
            online.platform.faults = [Unavailable("5xx")]
            online.poll()
            assert digest(online.flow).closed == told
            with online.store.reading() as tx:
                (stand,) = platforms(tx, online.flow)
            assert bool(stand.state.fault) is bool(told)
        online.clock.pass_by(minutes=30)
        online.poll()
        assert digest(online.flow).closed == ()

    def test_an_act_on_a_booking_that_is_gone_is_dropped(self, online: ClinicOnline) -> None:
        online.allow(cancel=True)
        online.book_online("Botox", "2026-03-20")
        booking = online.book_online("Micro", "2026-03-27")
        runner = online.runner()
        while runner.run_next(("ingest", "fetch", "judge", "release")):
            pass
        online.platform.faults = [NotFound("404")]
        del online.platform.bookings[booking]
        online.settle()
        assert online.acts() == []
        assert online.appointment(booking, ONLINE).status == "cancelled"

    def test_a_closed_door_is_told_and_nothing_is_forgotten(self, online: ClinicOnline) -> None:
        booking = online.book_online("Micro", "2026-03-20")
        online.settle()
        online.platform.faults = [Disconnected("access-withdrawn", "the key opens nothing")]
        online.poll()
        with online.store.reading() as tx:
            state = tx.platforms.get(ONLINE)
            assert state.fault == "access-withdrawn"
            assert tx.audit.entries(ONLINE)[0]["what"] == "platform-closed"
        assert online.appointment(booking, ONLINE).status == "booked"
        online.poll()
        with online.store.reading() as tx:
            assert tx.platforms.get(ONLINE).fault == ""


class TestTheFirstReading:
    def test_brings_the_history_that_gaps_are_made_of(self, online: ClinicOnline) -> None:
        online.book_online("Botox", "2026-02-27", tells=False)
        booking = online.book_online("Micro", "2026-03-10", tells=False)
        online.poll()
        assert online.judged(booking) == "blocked"

    def test_that_would_decline_many_stops_and_asks(self, online: ClinicOnline) -> None:
        for count in range(12):
            name = f"Client{chr(97 + count)} Number{chr(97 + count)}"
            online.book_online(
                "Both", "2026-03-20", name=name, waits=True, tells=False, at=f"{8 + count:02}:00"
            )
        online.platform.bookings |= {
            id: replace(held, clues=replace(held.clues, email=f"{id}@example.com"))
            for id, held in online.platform.bookings.items()
        }
        online.poll()
        assert online.acts() == []
        with online.store.reading() as tx:
            (waiting,) = tx.outbox.waiting().values()
        assert len(waiting) == 12

    def test_that_meets_a_booking_it_cannot_keep_takes_the_rest(self, online: ClinicOnline) -> None:
        first = online.book_online("Talk", "2026-03-20", tells=False)
        second = online.book_online("Talk", "2026-03-21", name="Bo Ray", tells=False)
        broken = online.platform.bookings[first]
        online.platform.bookings[first] = replace(broken, status=None)  # type: ignore[arg-type]
        online.poll()
        assert online.appointment(second, ONLINE).status == "booked"
        with online.store.reading() as tx:
            assert tx.platforms.get(ONLINE).read_until is not None
            assert tx.appointments.by_source(ONLINE, first) is None

    def test_that_breaks_off_goes_on_from_its_page(self, online: ClinicOnline) -> None:
        for count in range(250):
            online.book_online("Talk", "2026-03-20", name=f"C{count}", tells=False)
        online.platform.faults = [Unavailable("busy", 10)]
        online.poll()
        online.clock.pass_by(seconds=11)
        online.settle()
        with online.store.reading() as tx:
            state = tx.platforms.get(ONLINE)
            assert state.read_until is not None
            assert (state.page, state.reading_since, state.whole_at) == (None, None, state.read_until)
            assert tx.appointments.count_upcoming(online.clock.now) == 250

    def test_tells_a_person_of_each_booking_nobody_can_read_once_a_while(self, online: ClinicOnline) -> None:
        booking = online.book_online("Talk", "2026-03-20", tells=False)
        whole = online.platform.changed

        def changed(since: datetime | None, now: datetime, page: str | None = None) -> BookingPage:
            at_fault = LeftOut("booking-9", "time-does-not-exist", "start is a time that clocks skip")
            return replace(whole(since, now, page), left_out=(at_fault,))

        online.otherwise(changed=changed)
        for days, told in ((0, 1), (1, 1), (14, 2)):
            online.clock.pass_by(days=days)
            online.poll()
            with online.store.reading() as tx:
                entries = [
                    each for each in tx.audit.entries(ONLINE) if each["what"] == f"{BOOKING}-unreadable"
                ]
                (stand,) = platforms(tx, online.flow)
            assert [each["booking"] for each in entries] == ["booking-9"] * told
            assert stand.unreadable == (("booking-9", "start is a time that clocks skip"),)
        assert online.appointment(booking, ONLINE).status == "booked"

    def test_whose_page_holds_no_more_begins_anew(self, online: ClinicOnline) -> None:
        for count in range(150):
            online.book_online("Talk", "2026-03-20", name=f"C{count}", tells=False)
        with online.store.transaction() as tx:
            begun = PlatformState(ONLINE, page="no page of today", reading_since=online.clock.now, whole=True)
            tx.platforms.put(begun)
        whole = online.platform.changed

        def changed(since: datetime | None, _now: datetime, page: str | None = None) -> BookingPage:
            if page == "no page of today":
                raise Invalid("platform-refused", "the page is too old")
            return whole(since, _now, page)

        online.otherwise(changed=changed)
        online.poll()
        online.clock.pass_by(minutes=16)
        online.poll()
        with online.store.reading() as tx:
            assert tx.platforms.get(ONLINE).fault == ""
            assert tx.appointments.count_upcoming(online.clock.now) == 150


class TestAPractitionersWord:
    def test_lets_a_booking_stand_and_it_is_confirmed_by_itself(self, online: ClinicOnline) -> None:
        online.allow(hold=False)
        online.book_online("Botox", "2026-03-20")
        booking = online.book_online("Micro", "2026-03-27", waits=True)
        online.settle()
        screened(online, booking)
        finding = online.verdict(booking, ONLINE).verdict.findings[0]
        appointment = online.appointment(booking, ONLINE)
        override(
            online.flow,
            appointment.ref,
            finding.key,
            PRACTITIONER,
            reason="clinical-judgement",
            comment="seen today",
        )
        online.allow(hold=True)
        online.settle()
        assert online.stands(booking) == "booked"


class TestWhatStaffAreTold:
    def test_the_digest_names_what_waits_and_what_stands_against_a_rule(self, online: ClinicOnline) -> None:
        online.book_online("Micro", "2026-03-20", waits=True)
        online.book_online("Botox", "2026-03-20", name="Bo Ray")
        online.book_online("Micro", "2026-03-27", name="Bo Ray")
        online.settle()
        told = digest_text(digest(online.flow))
        held, waiting = told.split("Online bookings that wait to be confirmed")
        assert "Microneedling: online" in waiting
        assert "Fri 27 Mar 10:00  Microneedling: the desk until Thu 26 Mar 10:00" in held

    def test_the_digest_names_a_platform_that_lets_us_in_no_more(self, online: ClinicOnline) -> None:
        online.platform.faults = [Disconnected("access-withdrawn", "the key opens nothing")]
        online.poll()
        assert "online: access-withdrawn" in digest_text(digest(online.flow))
