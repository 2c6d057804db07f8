"""A key of somebody else's account opens a platform that knows none of our bookings."""

from integrations.memory import MemoryBooking
from scheduler_app.flow.flow import FETCH
from scheduler_app.flow.platforms.fetching import fetch_key
from scheduler_app.flow.platforms.strange import STRANGE
from tests.flow.platforms.clinic_online import ONLINE, ClinicOnline

DAYS = [f"2026-03-{day}" for day in range(10, 16)]


def booked(online: ClinicOnline, days: list[str]) -> dict[str, MemoryBooking]:
    """So many bookings, which the service knows of and has read whole."""
    for day in days:
        online.book_online("Talk", day)
    online.settle()
    online.poll()
    return dict(online.platform.bookings)


def upcoming(online: ClinicOnline) -> int:
    with online.store.reading() as tx:
        return tx.appointments.count_upcoming(online.clock.now)


def fault(online: ClinicOnline) -> str:
    with online.store.reading() as tx:
        return tx.platforms.get(ONLINE).fault


def read_whole_tomorrow(online: ClinicOnline) -> None:
    online.clock.pass_by(hours=25)
    online.poll()


def asked_for(online: ClinicOnline, booking: str) -> None:
    """A hint came about this one."""
    with online.store.transaction() as tx:
        tx.work.touch(FETCH, fetch_key(ONLINE, booking))
    online.settle()


def test_it_does_not_empty_the_book_and_a_person_is_told(online: ClinicOnline) -> None:
    booked(online, DAYS)
    online.platform.bookings.clear()
    read_whole_tomorrow(online)
    assert upcoming(online) == len(DAYS)
    assert fault(online) == STRANGE
    read_whole_tomorrow(online)
    assert upcoming(online) == len(DAYS), "nor a day later"


def test_what_it_says_of_one_booking_ends_none(online: ClinicOnline) -> None:
    ours = booked(online, DAYS)
    online.platform.bookings.clear()
    asked_for(online, next(iter(ours)))
    assert upcoming(online) == len(DAYS)
    assert fault(online) == STRANGE

    online.platform.bookings.update(ours)
    online.clock.pass_by(hours=1)
    online.settle()
    assert (upcoming(online), fault(online)) == (len(DAYS), ""), "it was asked for again"


def test_one_that_is_gone_among_those_it_knows_is_over(online: ClinicOnline) -> None:
    ours = booked(online, DAYS)
    del online.platform.bookings[next(iter(ours))]
    asked_for(online, next(iter(ours)))
    assert (upcoming(online), fault(online)) == (len(DAYS) - 1, "")


def test_its_bookings_are_not_taken_into_our_book(online: ClinicOnline) -> None:
    ours = booked(online, DAYS)
    online.platform.bookings.clear()
    for day in DAYS:
        online.book_online("Talk", day, at="15:00", tells=False)
    read_whole_tomorrow(online)
    with online.store.reading() as tx:
        held = {name: tx.appointments.by_source(ONLINE, name) for name in online.platform.bookings}
    assert set(held.values()) == {None}
    assert upcoming(online) == len(ours)


def test_the_right_key_opens_it_again(online: ClinicOnline) -> None:
    ours = booked(online, DAYS)
    online.platform.bookings.clear()
    read_whole_tomorrow(online)
    online.platform.bookings.update(ours)
    added = online.book_online("Talk", "2026-03-20", tells=False)
    online.clock.pass_by(minutes=20)
    online.poll()
    assert fault(online) == ""
    with online.store.reading() as tx:
        assert tx.appointments.by_source(ONLINE, added) is not None


def test_one_booking_that_it_knows_is_enough(online: ClinicOnline) -> None:
    ours = booked(online, DAYS)
    last = list(ours)[4]
    online.platform.bookings.clear()
    online.platform.bookings[last] = ours[last]
    read_whole_tomorrow(online)
    assert fault(online) == ""
    assert upcoming(online) == 1


def test_of_a_few_bookings_nothing_is_concluded(online: ClinicOnline) -> None:
    booked(online, DAYS[:4])
    online.platform.bookings.clear()
    read_whole_tomorrow(online)
    assert fault(online) == ""
    assert upcoming(online) == 0
