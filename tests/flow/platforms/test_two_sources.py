"""One visit, two sources: a booking and its copy in the clinic's calendar never stand in each other's way."""

from dataclasses import replace

import pytest

from scheduler_app.domain.appointments import Clues
from scheduler_app.domain.platforms import ClinicPlatform
from scheduler_app.domain.visits import DISAGREE
from scheduler_app.flow.decide import confirm_client
from scheduler_app.flow.flow import FETCH
from scheduler_app.flow.platforms.fetching import fetch_key
from tests.flow.clinic_at_work import DESK
from tests.flow.platforms.clinic_online import MAIL, ONLINE, ClinicOnline
from tests.flow.platforms.two_sources import PRACTITIONER, Copying


@pytest.fixture
def two(online: ClinicOnline) -> Copying:
    """Both sources."""
    return Copying(online)


class TestOneVisit:
    @pytest.mark.parametrize("settled_between", [True, False])
    def test_booked_first_and_copied_then(self, two: Copying, settled_between: bool) -> None:
        booking = two.online.book_online("Micro", "2026-03-20")
        if settled_between:
            two.online.settle()
        event = two.copy("Microneedling", "2026-03-20", booking)
        two.online.settle()
        assert two.one_visit(event, booking)
        two.screened(booking)
        assert two.online.judged(booking) == "clear"
        assert two.listed() == [ONLINE]

    @pytest.mark.parametrize("settled_between", [True, False])
    def test_copied_first_and_heard_of_then(self, two: Copying, settled_between: bool) -> None:
        event = two.copy("Microneedling", "2026-03-20", "booking-1")
        if settled_between:
            two.online.settle()
        booking = two.online.book_online("Micro", "2026-03-20")
        two.online.settle()
        assert two.one_visit(event, booking)
        two.screened(booking)
        assert two.online.judged(booking) == "clear"
        assert two.online.mark(event) is None

    def test_without_an_id_where_client_start_and_treatment_agree(self, two: Copying) -> None:
        event = two.copy("Microneedling", "2026-03-20")
        booking = two.online.book_online("Micro", "2026-03-20")
        two.online.settle()
        assert two.one_visit(event, booking)
        assert two.asked(booking) == {"screening-missing"}

    def test_is_not_two_of_a_course_in_the_way_of_the_next(self, two: Copying) -> None:
        for day in ("2026-03-20", "2026-04-20"):
            two.copy("Microneedling", day)
        for day in ("2026-03-20", "2026-04-20"):
            two.online.book_online("Micro", day)
        two.online.settle()
        assert two.gaps("booking-1") == two.gaps("booking-2") == set()

    def test_is_as_old_as_the_first_who_told_of_it(self, two: Copying) -> None:
        """The copy was there before the Botox was booked: the Botox gives way, not the visit."""
        two.copy("Microneedling", "2026-03-20")
        two.online.settle()
        botox = two.online.book_online("Botox", "2026-03-27")
        booking = two.online.book_online("Micro", "2026-03-20")
        two.online.settle()
        assert two.online.judged(botox) == "blocked"
        assert two.gaps(booking) == set()

    def test_counts_for_all_that_either_source_tells_of(self, two: Copying) -> None:
        two.online.book_online("Talk", "2026-03-13")
        two.copy("Consultation + Botox", "2026-03-13")
        booking = two.online.book_online("Micro", "2026-03-20")
        two.online.settle()
        assert two.gaps(booking) == {"microneedling-after-botulinum-toxin"}

    def test_says_nothing_of_somebody_who_did_not_come(self, two: Copying) -> None:
        missed = two.online.book_online("Micro", "2026-03-03")
        event = two.copy("Microneedling", "2026-03-03", missed)
        two.online.settle()
        two.online.clock.pass_by(days=2)
        two.online.change_online(missed, status="noshow")
        again = two.online.book_online("Micro", "2026-03-06")
        two.online.settle()
        assert two.event(event).same_as == two.booking(missed).ref
        assert two.gaps(again) == set()

    def test_keeps_what_a_receptionist_wrote_on_the_copy(self, two: Copying) -> None:
        booking = two.online.book_online("Talk", "2026-03-20")
        event = two.copy("Consultation, cancelled", "2026-03-20", booking)
        two.online.settle()
        assert two.one_visit(event, booking)
        assert "title-cancelled" in two.asked(booking)


class TestWhoseTheCopyIs:
    @pytest.mark.parametrize("copied_first", [True, False])
    def test_is_told_by_the_booking_it_carries(self, two: Copying, copied_first: bool) -> None:
        event = two.copy("Microneedling", "2026-03-20", "booking-1", known=False) if copied_first else ""
        two.online.settle()
        booking = two.online.book_online("Micro", "2026-03-20")
        two.online.settle()
        event = event or two.copy("Microneedling", "2026-03-20", booking, known=False)
        two.online.settle()
        assert two.event(event).client == two.booking(booking).client
        assert two.event(event).doubts == ()
        assert two.one_visit(event, booking)

    def test_stays_theirs_when_everything_is_read_again(self, two: Copying) -> None:
        booking = two.online.book_online("Micro", "2026-03-20")
        event = two.copy("Microneedling", "2026-03-20", booking, known=False)
        two.online.settle()
        before = two.event(event)
        two.online.sync_all()
        assert two.online.sync_all() == {}
        assert two.event(event) == before

    def test_nobodys_booking_and_its_copy_wait_for_a_person_once(self, two: Copying) -> None:
        event = two.copy("Microneedling", "2026-03-20", "booking-1", known=False)
        booking = two.online.book_online("Micro", "2026-03-20", name="Cy")
        two.online.settle()
        assert two.one_visit(event, booking)
        with two.online.store.reading() as tx:
            assert [each.source_id for each in tx.appointments.unassigned()] == [booking]

    def test_and_both_are_the_clients_once_the_person_said_whose(self, two: Copying) -> None:
        event = two.copy("Microneedling", "2026-03-20", "booking-1", known=False)
        booking = two.online.book_online("Micro", "2026-03-20", name="Cy")
        two.online.book_online("Talk", "2026-03-18")
        two.online.settle()
        ann = two.booking("booking-2").client or ""
        confirm_client(two.online.flow, two.booking(booking).ref, ann, PRACTITIONER)
        two.online.settle()
        assert two.event(event).client == two.booking(booking).client == ann
        assert two.one_visit(event, booking)

    @pytest.mark.parametrize("settled_between", [True, False])
    def test_that_carries_a_rescheduled_booking_is_told_by_what_it_became(
        self, two: Copying, settled_between: bool
    ) -> None:
        event = two.copy("Microneedling", "2026-03-20", "booking-1", known=False)
        first = two.online.book_online("Micro", "2026-03-20", name="Cy")
        if settled_between:
            two.online.settle()
        second = two.online.book_online("Micro", "2026-03-23", name="Cy", tells=False)
        two.online.change_online(second, previous_id=first, tells=False)
        two.online.call_off_online(first)
        two.online.deliver(second)
        two.online.settle()
        assert two.event(event).same_as == two.booking(second).ref
        assert DISAGREE in two.asked(second)
        two.online.book_online("Talk", "2026-03-18")
        two.online.settle()
        ann = two.booking("booking-3").client or ""
        two.online.change_online(second, clues=Clues("Ann Lee", MAIL["Ann Lee"]))
        two.online.settle()
        assert two.booking(second).client == two.event(event).client == ann
        assert two.one_visit(event, second)

    def test_of_another_client_is_looked_at_again_once_its_booking_vanished(self, two: Copying) -> None:
        anns = two.online.book_online("Micro", "2026-03-20")
        event = two.copy("Microneedling", "2026-03-20", anns, name="Bo Ray")
        bos = two.online.book_online("Micro", "2026-03-20", name="Bo Ray")
        two.online.settle()
        assert not two.one_visit(event, bos)
        del two.online.platform.bookings[anns]
        with two.online.store.transaction() as tx:
            tx.work.touch(FETCH, fetch_key(ONLINE, anns))
        two.online.settle()
        assert two.one_visit(event, bos)

    def test_of_nobodys_that_comes_apart_is_looked_at_again(self, two: Copying) -> None:
        event = two.copy("Microneedling", "2026-03-20", "booking-1", known=False)
        booking = two.online.book_online("Micro", "2026-03-20", name="Cy")
        two.online.settle()
        two.online.call_off_online(booking)
        two.online.settle()
        assert two.event(event).same_as is None
        assert two.asked(event, f"calendar:{DESK}") >= {DISAGREE, "client-unknown"}

    @pytest.mark.parametrize("settled_between", [True, False])
    def test_that_carries_a_clients_rescheduled_booking_is_that_clients(
        self, two: Copying, settled_between: bool
    ) -> None:
        first = two.online.book_online("Talk", "2026-03-20")
        two.online.call_off_online(first)
        event = two.copy("Consultation", "2026-03-23", first, known=False)
        if settled_between:
            two.online.settle()
        second = two.online.book_online("Talk", "2026-03-23", tells=False)
        two.online.change_online(second, previous_id=first)
        two.online.settle()
        assert two.one_visit(event, second)
        assert two.online.judged(second) == "clear"

    def test_somebody_elses_booking_on_an_event_is_a_question(self, two: Copying) -> None:
        booking = two.online.book_online("Micro", "2026-03-20", name="Bo Ray")
        event = two.copy("Microneedling", "2026-03-20", booking)
        two.online.settle()
        assert not two.one_visit(event, booking)
        assert DISAGREE in two.asked(event, f"calendar:{DESK}")

    def test_nobodys_booking_on_an_event_is_a_question_once_it_is_somebody_elses(self, two: Copying) -> None:
        booking = two.online.book_online("Talk", "2026-03-20", name="Cy")
        event = two.copy("Consultation", "2026-03-20", booking)
        two.online.book_online("Talk", "2026-03-18", name="Bo Ray")
        two.online.settle()
        assert two.asked(event, f"calendar:{DESK}") == set()
        bo = two.booking("booking-2").client or ""
        confirm_client(two.online.flow, two.booking(booking).ref, bo, PRACTITIONER)
        two.online.settle()
        assert two.asked(event, f"calendar:{DESK}") == {DISAGREE}

    def test_two_people_whose_events_carry_each_others_bookings_are_judged_and_done(
        self, two: Copying
    ) -> None:
        bo = two.online.book_online("Talk", "2026-03-20", name="Bo Ray")
        ann = two.online.book_online("Talk", "2026-03-20")
        events = [two.copy("Consultation", "2026-03-20", bo)]
        events += [two.copy("Consultation", "2026-03-20", ann, name="Bo Ray")]
        two.online.settle()
        assert [two.asked(each, f"calendar:{DESK}") for each in events] == [{DISAGREE}, {DISAGREE}]

    def test_of_somebody_elses_called_off_booking_is_looked_at_again(self, two: Copying) -> None:
        booking = two.online.book_online("Micro", "2026-03-20", name="Bo Ray")
        event = two.copy("Microneedling", "2026-03-20", booking)
        own = two.online.book_online("Micro", "2026-03-20")
        two.online.settle()
        assert not two.one_visit(event, own)
        two.online.call_off_online(booking)
        two.online.settle()
        assert two.one_visit(event, own)


class TestWithoutPlatforms:
    def test_an_events_words_name_no_booking(self, two: Copying) -> None:
        two.online.flow = replace(two.online.flow, platforms={})
        event = two.copy("Microneedling", "2026-03-20", "booking-1")
        two.online.settle()
        assert two.event(event).carries == ""

    def test_two_events_at_one_time_stay_two(self, two: Copying) -> None:
        events = [two.copy("Microneedling", "2026-03-20") for _ in range(2)]
        two.online.settle()
        assert [two.event(each).same_as for each in events] == [None, None]


def test_a_booking_is_known_by_the_platform_whose_words_they_are(
    online: ClinicOnline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two platforms: the event carries the name of the one that wrote it."""
    known = ClinicPlatform("other", "memory", "main")
    silent = type(online.platform)(known, online.flow.clinic, ["secret"])
    monkeypatch.setattr(silent, "carried_in", lambda _text: None)
    online.flow = replace(online.flow, platforms={"other": silent, ONLINE: online.platform})
    event = Copying(online).copy("Microneedling", "2026-03-20", "booking-1")
    online.settle()
    assert online.appointment(event).carries == f"{ONLINE} booking-1"
