"""A booking and its copy that come apart, are doubtful, or break a rule: what is asked, where it shows."""

import pytest

from scheduler_app.domain.visits import DISAGREE, TWICE
from scheduler_app.errors import Invalid, NotFound
from scheduler_app.flow.decide import override
from scheduler_app.flow.explain import explain
from scheduler_app.flow.holds import holds
from scheduler_app.flow.pairing import decide_pair
from tests.flow.clinic_at_work import DESK
from tests.flow.platforms.clinic_online import ONLINE, ClinicOnline
from tests.flow.platforms.two_sources import PRACTITIONER, Copying


@pytest.fixture
def two(online: ClinicOnline) -> Copying:
    """Both sources."""
    return Copying(online)


class TestWhatComesApart:
    def test_a_copy_that_was_moved_is_one_visit_and_a_question_about_the_day(self, two: Copying) -> None:
        booking = two.online.book_online("Micro", "2026-03-20")
        event = two.copy("Microneedling", "2026-03-20", booking)
        two.screened(booking)
        two.online.move(event, "2026-03-24")
        two.online.settle()
        assert two.one_visit(event, booking)
        assert (two.online.judged(booking), two.asked(booking)) == ("review", {DISAGREE})
        two.online.move(event, "2026-03-20")
        two.online.settle()
        assert two.online.judged(booking) == "clear"

    def test_without_an_id_a_copy_that_was_moved_is_a_visit_of_its_own(self, two: Copying) -> None:
        booking = two.online.book_online("Talk", "2026-03-20")
        event = two.copy("Consultation", "2026-03-20")
        two.online.settle()
        assert two.one_visit(event, booking)
        two.online.move(event, "2026-03-24")
        two.online.settle()
        assert not two.one_visit(event, booking)
        assert two.listed() == [ONLINE, f"calendar:{DESK}"]

    def test_a_booking_that_was_called_off_leaves_its_copy_as_a_question(self, two: Copying) -> None:
        booking = two.online.book_online("Talk", "2026-03-20")
        event = two.copy("Consultation", "2026-03-20", booking)
        two.online.settle()
        two.online.call_off_online(booking)
        two.online.settle()
        assert two.event(event).same_as is None
        assert two.online.outcome(event) == "review"
        assert two.asked(event, f"calendar:{DESK}") == {DISAGREE}
        two.online.cancel(event)
        two.online.settle()
        with two.online.store.reading() as tx:
            assert tx.verdicts.get(two.event(event).ref) is None

    def test_a_copy_that_was_deleted_leaves_the_booking(self, two: Copying) -> None:
        booking = two.online.book_online("Talk", "2026-03-20")
        event = two.copy("Consultation", "2026-03-20", booking)
        two.online.settle()
        two.online.cancel(event)
        two.online.settle()
        assert two.event(event).same_as is None
        assert two.online.judged(booking) == "clear"

    def test_a_rescheduled_booking_is_not_held_against_its_own_old_copy(self, two: Copying) -> None:
        first = two.online.book_online("Micro", "2026-03-20")
        event = two.copy("Microneedling", "2026-03-20", first)
        two.screened(first)
        second = two.online.book_online("Micro", "2026-03-23", waits=True, tells=False)
        two.online.change_online(second, previous_id=first, tells=False)
        two.online.call_off_online(first, tells=False)
        two.online.deliver(second)
        two.online.settle()
        assert two.one_visit(event, second)
        assert (two.gaps(second), two.asked(second)) == (set(), {DISAGREE})
        assert two.online.acts() == []
        two.online.move(event, "2026-03-23")
        two.online.settle()
        assert two.online.acts() == [("confirm", second)]


class TestTheMark:
    def test_of_a_booking_that_breaks_a_rule_stands_on_its_copy(self, two: Copying) -> None:
        two.online.book_online("Botox", "2026-03-16")
        booking = two.online.book_online("Micro", "2026-03-20")
        event = two.copy("Microneedling", "2026-03-20", booking)
        two.online.settle()
        mark = two.online.mark(event)
        assert mark is not None
        assert (two.online.judged(booking), mark.kind) == ("blocked", "hold")
        with two.online.store.reading() as tx:
            (hold,) = holds(tx, two.online.flow, two.online.clock.now)
        assert hold.appointment.ref == two.booking(booking).ref
        assert hold.written is not None
        assert hold.written.appointment == two.event(event).ref

    def test_goes_when_the_booking_moves_to_a_day_that_will_do(self, two: Copying) -> None:
        two.online.book_online("Botox", "2026-03-16")
        booking = two.online.book_online("Micro", "2026-03-20")
        event = two.copy("Microneedling", "2026-03-20", booking)
        two.screened(booking)
        two.online.move_online(booking, "2026-04-20")
        two.online.move(event, "2026-04-20")
        two.online.settle()
        assert two.online.judged(booking) == "clear"
        assert two.online.mark(event) is None

    def test_is_a_hold_where_the_calendar_calls_off_because_the_booking_stands(self, two: Copying) -> None:
        two.online.on_terms(mode="cancel")
        two.online.book_online("Botox", "2026-03-16")
        booking = two.online.book_online("Micro", "2026-03-20")
        event = two.copy("Microneedling", "2026-03-20", booking)
        two.online.settle()
        assert two.online.event(event).status != "cancelled"
        mark = two.online.mark(event)
        assert mark is not None
        assert mark.kind == "hold"
        assert two.online.stands(booking) == "booked"

    def test_goes_with_an_override_given_on_either_half(self, two: Copying) -> None:
        two.online.book_online("Botox", "2026-03-16")
        event = two.copy("Microneedling", "2026-03-20", "booking-2")
        two.online.settle()
        told = two.event(event)
        for finding in two.online.verdict(event).verdict.findings:
            override(two.online.flow, told.ref, finding.key, PRACTITIONER, reason="clinical-judgement")
        two.online.settle()
        assert two.online.mark(event) is None
        booking = two.online.book_online("Micro", "2026-03-20")
        two.online.settle()
        assert two.one_visit(event, booking)
        assert two.online.verdict(booking, ONLINE).verdict.overridden
        assert two.online.judged(booking) == "clear"
        assert two.online.mark(event) is None

    def test_an_override_asked_for_on_the_copy_is_the_bookings(self, two: Copying) -> None:
        two.online.book_online("Botox", "2026-03-16")
        booking = two.online.book_online("Micro", "2026-03-20")
        event = two.copy("Microneedling + Consultation", "2026-03-20", booking)
        two.online.settle()
        for finding in two.online.verdict(booking, ONLINE).verdict.findings:
            given = override(
                two.online.flow, two.event(event).ref, finding.key, PRACTITIONER, reason="clinical-judgement"
            )
            assert given.appointment == two.booking(booking).ref
        two.online.settle()
        assert two.online.judged(booking) == "clear"


class TestADoubtfulPair:
    @pytest.fixture
    def pair(self, two: Copying) -> tuple[str, str]:
        """An event and a booking five minutes apart."""
        booking = two.online.book_online("Micro", "2026-03-20")
        event = two.copy("Microneedling", "2026-03-20", at="10:05")
        two.screened(booking)
        return event, booking

    def test_is_judged_as_one_and_asked_about(self, two: Copying, pair: tuple[str, str]) -> None:
        assert two.one_visit(*pair)
        assert (two.online.judged(pair[1]), two.asked(pair[1])) == ("review", {TWICE})

    def test_is_one_visit_once_a_person_said_so(self, two: Copying, pair: tuple[str, str]) -> None:
        two.decide(*pair, same=True)
        assert two.one_visit(*pair)
        assert two.online.judged(pair[1]) == "clear"
        (said,) = two.online.audited(pair[0], "said-one-visit")
        assert (said["who"], said["other"]) == ("kim", two.booking(pair[1]).ref)

    def test_is_two_once_a_person_said_so_and_they_are_judged_apart(
        self, two: Copying, pair: tuple[str, str]
    ) -> None:
        two.decide(*pair, same=False)
        assert not two.one_visit(*pair)
        assert two.gaps(pair[0], f"calendar:{DESK}") == {"microneedling-after-microneedling"}
        two.decide(*pair, same=True)
        assert two.one_visit(*pair)

    def test_is_decided_about_only_where_it_could_be_one(self, two: Copying, pair: tuple[str, str]) -> None:
        event, booking = two.event(pair[0]).ref, two.booking(pair[1]).ref
        other = two.online.book_online("Micro", "2026-03-20", name="Bo Ray")
        two.online.settle()
        flow = two.online.flow
        for one, two_of in ((booking, event), (event, event), (event, two.booking(other).ref)):
            with pytest.raises(Invalid):
                decide_pair(flow, one, two_of, "kim", same=True)
        with pytest.raises(NotFound):
            decide_pair(flow, event, "nobody", "kim", same=True)

    def test_is_explained_from_either_half(self, two: Copying, pair: tuple[str, str]) -> None:
        told = explain(two.online.flow, two.event(pair[0]).ref)
        booked = explain(two.online.flow, two.booking(pair[1]).ref)
        assert told["verdict"] == booked["verdict"]
        assert told["appointment"]["same_as"] == booked["appointment"]["ref"]  # type: ignore[index]
