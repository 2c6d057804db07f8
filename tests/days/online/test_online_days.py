"""A client's days on every platform there is: one story, the platform's own HTTP and webhooks."""

import pytest

from integrations.registry import PLATFORM_KINDS
from tests.contracts.booking_platform import LATER
from tests.days.online.conftest import ONLINE, ClinicOnline
from tests.days.online.vendors import VENDORS


def test_every_platform_there_is_has_its_days_here() -> None:
    assert VENDORS.keys() == PLATFORM_KINDS


def test_what_a_rule_blocks_is_called_off_where_it_was_booked_and_told_from_when(
    online: ClinicOnline,
) -> None:
    botox = online.book_online("peel", "2026-03-20")
    booking = online.book_online("micro", "2026-03-27")
    online.rest()
    assert online.outside.is_over(booking)
    assert not online.outside.is_over(botox)
    assert online.status(booking) == "cancelled"
    told = online.outside.told(booking)
    assert not told or "3 April 2026" in told


def test_the_same_event_five_times_is_one_act(online: ClinicOnline) -> None:
    online.book_online("peel", "2026-03-20")
    booking = online.book_online("micro", "2026-03-27")
    sent = online.outside.sent(booking)
    for _ in range(4):
        online.arrives(sent)
    online.rest()
    for _ in range(2):
        online.arrives(sent)
        online.rest()
    assert online.done("booking-cancelled") == 1


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_created_and_called_off_in_either_order_is_off(online: ClinicOnline, order: tuple[int, int]) -> None:
    booking = online.book_online("micro", "2026-03-20", tells=False)
    created = online.outside.sent(booking)
    online.outside.call_off(booking)
    signals = (created, online.outside.sent(booking))
    for which in order:
        online.arrives(signals[which])
        online.settle()
    assert online.status(booking) == "cancelled"
    assert online.done("booking-cancelled") == 0


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (1,), (0,)])
def test_a_move_to_where_no_rule_is_broken_cures_it_whatever_is_heard_first(
    online: ClinicOnline, order: tuple[int, ...]
) -> None:
    online.book_online("peel", "2026-03-12")
    online.settle()
    before = online.book_online("micro", "2026-03-20", tells=False)
    first = online.outside.sent(before)
    after = online.outside.move(before, LATER)
    signals = (first, online.outside.sent(after))
    for which in order:
        online.arrives(signals[which])
        online.rest()
    assert online.appointment(after, ONLINE).start == LATER
    assert online.outcome(after, ONLINE) == "review"  # the health questions; no gap is broken
    assert not online.outside.is_over(after)
    assert online.done("booking-cancelled") == 0
    if before != after:
        assert online.appointment(before, ONLINE).replaced_by == online.appointment(after, ONLINE).ref


def test_a_moved_visit_is_not_judged_against_its_own_old_slot(online: ClinicOnline) -> None:
    before = online.book_online("micro", "2026-03-25")
    online.settle()
    after = online.outside.move(before, LATER)
    online.deliver(after)
    online.rest()
    assert online.outcome(after, ONLINE) == "review"
    assert online.done("booking-cancelled") == 0


def test_our_own_act_coming_back_as_an_event_changes_nothing(online: ClinicOnline) -> None:
    online.book_online("peel", "2026-03-20")
    booking = online.book_online("micro", "2026-03-27")
    online.rest()
    online.deliver(booking)
    online.rest()
    online.poll()
    assert online.done("booking-cancelled") == 1


@pytest.mark.parametrize("fault", [404, 409, 429, 500, 503])
def test_an_act_that_is_refused_for_now_is_done_in_the_end_and_once(online: ClinicOnline, fault: int) -> None:
    online.book_online("peel", "2026-03-20")
    booking = online.book_online("micro", "2026-03-27")
    runner = online.runner()
    while runner.run_next(("ingest", "fetch", "judge", "release")):
        pass
    online.outside.answer_next(fault)
    online.rest()
    online.poll()  # where it was said not to be there, the next reading finds that it is
    online.rest()
    assert online.outside.is_over(booking)
    assert online.status(booking) == "cancelled"


def test_a_lost_answer_to_an_act_is_found_out_and_not_repeated(online: ClinicOnline) -> None:
    online.book_online("peel", "2026-03-20")
    booking = online.book_online("micro", "2026-03-27")
    runner = online.runner()
    while runner.run_next(("ingest", "fetch", "judge", "release")):
        pass
    online.outside.lose_next_answer()
    online.rest()
    assert online.outside.is_over(booking)
    assert online.status(booking) == "cancelled"


def test_what_staff_booked_is_shown_and_left_alone(online: ClinicOnline) -> None:
    online.book_online("peel", "2026-03-20")
    booking = online.book_online("micro", "2026-03-27", by_staff=True)
    online.rest()
    assert online.outcome(booking, ONLINE) == "blocked"
    assert not online.outside.is_over(booking)


def test_a_new_visit_before_one_that_is_booked_gives_way_to_it(online: ClinicOnline) -> None:
    micro = online.book_online("micro", "2026-03-27")
    botox = online.book_online("peel", "2026-03-20")
    online.rest()
    assert online.outside.is_over(botox)
    assert not online.outside.is_over(micro)


def test_two_rules_broken_at_once_are_one_act(online: ClinicOnline) -> None:
    online.book_online("peel", "2026-03-18")
    online.book_online("peel", "2026-03-20", tells=False)
    booking = online.book_online("micro", "2026-03-27")
    online.poll()
    online.rest()
    assert online.outside.is_over(booking)
    assert online.done("booking-cancelled") == 1


def test_lost_webhooks_are_made_up_for(online: ClinicOnline) -> None:
    online.book_online("peel", "2026-03-20", tells=False)
    booking = online.book_online("micro", "2026-03-27", tells=False)
    online.poll()
    online.rest()
    assert online.outside.is_over(booking)


def test_a_booking_that_waits_is_declined_or_confirmed_where_the_platform_lets_it_wait(
    online: ClinicOnline,
) -> None:
    online.book_online("peel", "2026-03-20")
    blocked = online.book_online("micro", "2026-03-27", waits=True)
    clear = online.book_online("peel", "2026-05-20", waits=True)
    online.rest()
    if online.holds:
        assert online.outside.is_over(blocked)
        assert not online.outside.is_over(clear)
        assert not online.outside.is_waiting(clear)
        assert (online.done("booking-declined"), online.done("booking-confirmed")) == (1, 1)
    else:
        assert (online.done("booking-declined"), online.done("booking-confirmed")) == (0, 0)


def test_while_the_door_is_closed_nothing_is_forgotten(online: ClinicOnline) -> None:
    booking = online.book_online("micro", "2026-03-20")
    online.settle()
    online.outside.close_door()
    online.poll()
    with online.store.reading() as tx:
        assert tx.platforms.get(ONLINE).fault == "access-withdrawn"
    assert online.status(booking) == "booked"
