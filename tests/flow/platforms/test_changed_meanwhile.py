"""What changed between the verdict and the act is judged first, and our own act is known by its echo."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

import pytest

from integrations.memory import MemoryBooking
from scheduler_app.domain.appointments import Clues
from scheduler_app.domain.platforms import Act, BookingPage
from scheduler_app.errors import Unavailable, Unsure
from scheduler_app.flow.platforms.deciding import decide
from scheduler_app.flow.platforms.reconciling import reconcile
from scheduler_app.flow.platforms.told import told_about
from scheduler_app.work import Runner
from tests.flow.fragile import Killed
from tests.flow.platforms.clinic_online import ONLINE, ClinicOnline

BO: Mapping[str, object] = {"clues": Clues("Bo Ray", "bo.ray@example.com")}
TALK: Mapping[str, object] = {"services": ("Talk",)}


def judged(online: ClinicOnline) -> Runner:
    """Everything was read and judged, and nothing is done yet."""
    runner = online.runner()
    while runner.run_next(("ingest", "fetch", "judge", "release")):
        pass
    return runner


def come_to_rest(online: ClinicOnline) -> None:
    """What was put off is tried again."""
    online.settle()
    online.clock.pass_by(minutes=10)
    online.settle()


class TestABookingThatChangedSinceItWasJudged:
    @pytest.mark.parametrize("after", [TALK, BO])
    def test_in_its_service_or_its_client_is_not_called_off_for_what_it_was(
        self, online: ClinicOnline, after: Mapping[str, object]
    ) -> None:
        online.allow(cancel=True)
        online.book_online("Botox", "2026-03-20")
        booking = online.book_online("Micro", "2026-03-27")
        judged(online)
        online.change_online(booking, tells=False, **after)
        come_to_rest(online)
        assert (online.stands(booking), online.acts()) == ("booked", [])

    def test_from_what_could_be_confirmed_to_what_breaks_a_rule_is_declined(
        self, online: ClinicOnline
    ) -> None:
        online.book_online("Botox", "2026-03-20")
        booking = online.book_online("Talk", "2026-03-27", waits=True)
        judged(online)
        online.change_online(booking, tells=False, services=("Micro",))
        come_to_rest(online)
        assert online.acts() == [("decline", booking)]

    def test_and_was_read_but_not_judged_again_is_judged_first(self, online: ClinicOnline) -> None:
        online.allow(cancel=True)
        online.book_online("Botox", "2026-03-20")
        booking = online.book_online("Micro", "2026-03-27")
        runner = judged(online)
        online.move_online(booking, "2026-04-10")
        while runner.run_next(("ingest", "fetch")):
            pass
        runner.run_next(("dispatch",))
        come_to_rest(online)
        assert (online.stands(booking), online.acts()) == ("booked", [])

    def test_and_was_met_by_a_reading_that_goes_on_is_judged_first(self, online: ClinicOnline) -> None:
        online.allow(cancel=True)
        online.book_online("Botox", "2026-03-20")
        booking = online.book_online("Micro", "2026-03-27")
        runner = judged(online)
        online.move_online(booking, "2026-04-10", tells=False)
        online.otherwise(changed=_breaking_off(online.platform.changed))
        with pytest.raises(Unavailable):
            reconcile(online.flow, ONLINE)
        while runner.run_next(("dispatch",)):
            pass
        assert (online.stands(booking), online.acts()) == ("booked", [])

    def test_because_another_visit_did_is_judged_first(self, online: ClinicOnline) -> None:
        online.allow(cancel=True)
        botox = online.book_online("Botox", "2026-03-20")
        booking = online.book_online("Micro", "2026-03-27")
        runner = judged(online)
        online.call_off_online(botox)
        while runner.run_next(("ingest", "fetch")):
            pass
        runner.run_next(("dispatch",))
        come_to_rest(online)
        assert (online.stands(booking), online.acts()) == ("booked", [])

    def test_and_is_blocked_all_the_same_is_called_off(self, online: ClinicOnline) -> None:
        online.allow(cancel=True)
        online.book_online("Botox", "2026-03-20", by_staff=True)
        booking = online.book_online("Micro", "2026-03-27")
        runner = judged(online)
        online.change_online(booking, services=("Micro", "Talk"))
        while runner.run_next(("ingest", "fetch", "judge")):
            pass
        come_to_rest(online)
        assert online.acts() == [("cancel", booking)]

    def test_since_a_person_confirmed_it_is_not_confirmed_for_what_it_was(self, online: ClinicOnline) -> None:
        online.book_online("Botox", "2026-03-20", by_staff=True)
        booking = online.book_online("Micro", "2026-04-10", waits=True)
        online.settle()
        decide(online.flow, online.appointment(booking, ONLINE).ref, "confirm", "Rita")
        online.move_online(booking, "2026-03-27")
        come_to_rest(online)
        assert online.acts() == [("decline", booking)]

    def test_since_a_person_called_it_off_is_left_to_people(self, online: ClinicOnline) -> None:
        booking = online.book_online("Talk", "2026-03-20")
        online.settle()
        ref = online.appointment(booking, ONLINE).ref
        decide(online.flow, ref, "cancel", "Rita")
        online.move_online(booking, "2026-03-27")
        come_to_rest(online)
        assert (online.stands(booking), online.acts()) == ("booked", [])
        with online.store.reading() as tx:
            assert tx.outbox.open_for(ref) is None

    def test_since_a_person_confirmed_it_because_another_visit_did_is_not_confirmed(
        self, online: ClinicOnline
    ) -> None:
        botox = online.book_online("Botox", "2026-03-10", by_staff=True)
        booking = online.book_online("Micro", "2026-03-27", waits=True)
        online.settle()
        decide(online.flow, online.appointment(booking, ONLINE).ref, "confirm", "Rita")
        online.move_online(botox, "2026-03-20")
        runner = online.runner()
        while runner.run_next(("ingest", "fetch")):
            pass
        come_to_rest(online)
        assert online.acts() == [("decline", booking)]


def _breaking_off(read: Callable[..., BookingPage]) -> Callable[..., BookingPage]:
    """A reading whose first page comes and whose second does not."""

    def changed(since: datetime | None, now: datetime, page: str | None = None) -> BookingPage:
        if page is not None:
            raise Unavailable("busy", 20)
        return replace(read(since, now, page), page="100")

    return changed


@pytest.mark.parametrize("fault", [Unsure("lost"), Killed()])
def test_our_act_whose_echo_comes_before_its_answer_is_known_as_ours(
    online: ClinicOnline, fault: BaseException
) -> None:
    online.allow(cancel=True)
    online.book_online("Botox", "2026-03-20")
    booking = online.book_online("Micro", "2026-03-27")
    judged(online)
    _answer_lost(online, booking, fault)
    try:
        online.settle()
    except Killed:
        online.settle()
    visit = online.appointment(booking, ONLINE)
    assert visit.status == "cancelled"
    with online.store.reading() as tx:
        assert "3 April 2026" in told_about(tx, visit)
    come_to_rest(online)
    with online.store.reading() as tx:
        said = [entry["what"] for entry in tx.audit.entries(visit.ref)]
    assert said.count("booking-cancelled") == 1
    assert online.acts() == [("cancel", booking)]


def _answer_lost(online: ClinicOnline, booking: str, fault: BaseException) -> None:
    """The next cancelling is done and told of by webhook, but its answer is never heard."""
    real = online.platform.cancel

    def cancel(act: Act) -> None:
        online.otherwise(cancel=real)
        real(act)
        online.deliver(booking)
        raise fault

    online.otherwise(cancel=cancel)


class TestABookingOfAKindThatWaits:
    def test_is_theirs_who_confirmed_it_though_we_never_saw_it_wait(self, online: ClinicOnline) -> None:
        online.allow(cancel=True)
        online.book_online("Botox", "2026-03-20")
        booking = online.book_online("Micro", "2026-03-27", tells=False)
        online.change_online(booking, waited=True)
        come_to_rest(online)
        assert (online.judged(booking), online.acts()) == ("blocked", [])
        online.move_online(booking, "2026-03-26")
        come_to_rest(online)
        assert (online.judged(booking), online.acts()) == ("blocked", [])

    def test_is_ours_to_call_off_where_we_confirmed_it(self, online: ClinicOnline) -> None:
        online.allow(cancel=True)
        online.book_online("Talk", "2026-03-27", waits=True, tells=False)
        (booking,) = online.platform.bookings
        online.change_online(booking, waited=True)
        online.settle()
        assert not online.appointment(booking, ONLINE).by_staff
        online.change_online(booking, services=("Both",))
        come_to_rest(online)
        assert online.acts() == [("confirm", booking), ("cancel", booking)]


class TestWhatAPersonBroughtBack:
    def test_is_not_called_off_again_though_another_date_would_be_told(self, online: ClinicOnline) -> None:
        online.allow(cancel=True)
        botox = online.book_online("Botox", "2026-03-20", by_staff=True)
        booking = online.book_online("Micro", "2026-03-27")
        online.settle()
        online.move_online(botox, "2026-03-21")
        online.settle()
        online.change_online(booking, status="booked")
        come_to_rest(online)
        assert online.acts() == [("cancel", booking)]
        assert online.appointment(booking, ONLINE).by_staff

    def test_or_let_through_after_it_was_moved_is_theirs_though_we_confirmed_it_before(
        self, online: ClinicOnline
    ) -> None:
        online.book_online("Botox", "2026-03-20")
        booking = online.book_online("Talk", "2026-03-20", waits=True)
        online.settle()
        assert online.acts() == [("confirm", booking)]
        online.allow(hold=False, cancel=True)
        held: MemoryBooking = online.platform.bookings[booking]
        start, end = held.start.replace(day=27), held.end.replace(day=27)
        online.change_online(booking, status="pending", services=("Micro",), start=start, end=end)
        online.settle()
        online.change_online(booking, status="booked")
        come_to_rest(online)
        assert (online.stands(booking), online.appointment(booking, ONLINE).by_staff) == ("booked", True)
